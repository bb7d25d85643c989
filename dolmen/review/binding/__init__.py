"""Binds a review to a tree, a tool and what protected the judging."""
