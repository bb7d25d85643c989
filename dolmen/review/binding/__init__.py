"""What a review is bound to: the tree that was judged, the tool that judged it, and what protected the judging."""
