"""Anything may be asked for: whatever comes in is run, or refused in one line. See `python -m tests.fuzz --help`."""
