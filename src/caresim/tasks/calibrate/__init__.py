"""A history becomes a configuration that runs, with draws of what the history leaves open."""
