"""`task=import`: what an exported file is taken for, and the same rows as a clean file."""
