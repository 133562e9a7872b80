"""What is measured of one run: metrics, curves, tables, the interval report, observations."""
