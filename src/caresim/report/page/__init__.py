"""A page for the browser: what may stand on it, how it looks, and how it is written into one file."""
