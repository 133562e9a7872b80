"""A model held against days of a history that it has not seen."""
