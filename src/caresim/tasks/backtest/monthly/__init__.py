"""A whole operator over years: the share of calls abandoned in each month, from the calls offered."""
