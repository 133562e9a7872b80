"""Statistics of paired runs: they know tables of numbers, and no simulation."""
