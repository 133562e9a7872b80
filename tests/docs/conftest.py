"""The worked example of the configuration page, as a user's folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def harbour_folder(tmp_path_factory) -> Path:
    from tests.support.pages import fenced, page

    folder = tmp_path_factory.mktemp("mine")
    (folder / "experiment").mkdir()
    text = fenced(page("configuration.md"), "# @package _global_\n")
    (folder / "experiment" / "harbour.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def harbour(harbour_folder, tmp_path_factory):
    """Results of four replications of the example."""
    import caresim

    output = tmp_path_factory.mktemp("outputs")
    words = ["experiment=harbour", "replications=4", f"output_dir={output}"]
    return caresim.compare(caresim.load(*words, config_dir=harbour_folder), workers=1)
