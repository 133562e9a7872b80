"""The Mesa driver: a run as a Mesa model, its people as Mesa agents, with the transitions of the compiled model."""
