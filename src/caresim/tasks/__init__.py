"""What can be asked for: one folder a task."""
