"""The table, the figures and the page of a sweep, from the runs that are in its folder."""
