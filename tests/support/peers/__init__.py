"""The same traffic through other simulators."""
