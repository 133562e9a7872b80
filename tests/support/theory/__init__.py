"""Queues with a known answer, and how runs are held against it."""
