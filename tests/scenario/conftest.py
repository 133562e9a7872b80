"""What several tests of scenarios set up."""

from __future__ import annotations

import pytest

import caresim


@pytest.fixture
def replayed(tmp_path):
    """The experiment with a replay of these files, given as their text."""

    def made(*words, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        told = [f"replay.{name}={tmp_path / name}.csv" for name in files]
        return caresim.load("experiment=replay", *told, *words, f"output_dir={tmp_path / 'out'}")

    return made
