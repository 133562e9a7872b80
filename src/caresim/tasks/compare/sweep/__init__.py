"""One comparison for each value of some keys."""
