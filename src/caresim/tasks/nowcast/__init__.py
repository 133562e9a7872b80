"""The hours ahead of a centre, from what is known of it now."""
