"""The answer page of a comparison: report.html, and results.xlsx beside it."""
