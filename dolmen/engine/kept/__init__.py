"""Keeps plans, so that what has been evaluated is not evaluated again.

A plan is a function of what its program can read. `trees` says what a tree holds, `inputs` puts everything that counts
under one hash, `reads` is what the evaluator saw the program read, `plans` finds and keeps under that hash. Decision 14.
"""
