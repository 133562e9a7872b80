"""What happened to one passenger: chosen, watched through a run, and told in sentences."""
