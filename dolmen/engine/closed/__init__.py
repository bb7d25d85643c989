"""Starts processes closed in, watches them, and ends all that they started.

`start` is the judge's side. The warden (`warden`) is a process of its own between the judge and the foreign program:
it prepares the inside, watches it and ends it. What protects is said by `Held`, not assumed.
"""
