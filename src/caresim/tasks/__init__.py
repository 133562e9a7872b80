"""What can be asked for: one folder per task."""
