"""What a platform costs a month: dated list prices, and how each resource type counts them."""
