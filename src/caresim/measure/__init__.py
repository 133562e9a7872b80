"""What a run means: metrics, latency curves, tables, the interval report, and the statistics of paired comparisons."""
