"""The two sides of a review: a commit, a state or the working tree, each evaluated to plans."""
