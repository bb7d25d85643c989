"""Reads list prices anew, without an account: AWS's public offer files, and a customer's own report of Atlas.

Estimates read what is written here; this room knows nothing of them.
"""
