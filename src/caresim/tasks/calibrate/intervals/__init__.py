"""A calibration to an interval report: what half hours tell, without a row for each contact."""
