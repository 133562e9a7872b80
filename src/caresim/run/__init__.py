"""From an experiment to its results: drawn parameters, blocks of work, what is kept on disk, run folders, sweeps."""
