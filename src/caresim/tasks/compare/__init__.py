"""Staffing models compared on the same passengers, seats and luck."""
