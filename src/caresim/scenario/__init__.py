"""From a validated experiment to the world of one run."""
