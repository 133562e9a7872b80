"""The parts of the benchmark: each has `measure(effort)`, which gives figures."""
