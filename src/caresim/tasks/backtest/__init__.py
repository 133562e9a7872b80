"""Simulated desks held against what is known of real ones."""
