"""Which hours, at what cost, and what they buy: a roster planned by covering demand, and judged on fresh luck."""
