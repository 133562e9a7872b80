"""A social desk fitted from its replies: what the first hours of a history say of the later ones."""
