"""What backtests of a forecast have in common: one stretch of a history is fitted, the next is predicted and scored."""
