"""What tests share: worlds made by hand, other simulators, invariants."""
