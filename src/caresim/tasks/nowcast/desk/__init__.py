"""A nowcast of a written desk: posts that wait, and those that come in the hours ahead."""
