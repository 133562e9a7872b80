"""How many people a desk has, from the initials under its replies."""
