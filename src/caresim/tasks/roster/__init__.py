"""A roster that a competent planner would make: by the demand of each shift, within the paid hours there are."""
