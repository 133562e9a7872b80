"""Which assumption decides, and what it is worth to know it before deciding."""
