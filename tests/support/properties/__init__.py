"""Random worlds, and what must hold in any of them."""
