"""The laws are compiled (or loaded) once for all tests of the model."""

from __future__ import annotations

from caresim.model import engine, traits
from caresim.model.jit import prepare

assert engine
assert traits
prepare()
