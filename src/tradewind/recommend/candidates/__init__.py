"""Ways to find items for people: each learns from interactions and gives scores."""
