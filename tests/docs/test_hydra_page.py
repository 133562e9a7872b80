"""The page about Hydra's command line has the rows of the registries that the command line goes by."""

from __future__ import annotations

import re
import shlex

import hydra_main
import pytest
from tests.support.pages import cells, codes, page, table

from caresim.config.hydra_settings import SETTINGS
from caresim.tasks import request as asking
from caresim.tasks.completion import after
from caresim.tasks.flags import FLAGS
from caresim.tasks.known import gathered
from caresim.tasks.shells import EXAMPLES


def rows_of_flags() -> list[str]:
    """`python -m tests.docs.test_hydra_page` prints them."""
    names = [", ".join(f"`{name}`" for name in (flag.typed, flag.short) if name) for flag in FLAGS]
    hydras = ["" if flag.ours else "yes" for flag in FLAGS]
    return [
        row(name, known, flag.does or "refused", flag.instead)
        for name, known, flag in zip(names, hydras, FLAGS, strict=True)
    ]


def rows_of_settings() -> list[str]:
    """The same of Hydra's settings."""
    taken = [", ".join(f"`{value}`" for value in setting.values) or "any" for setting in SETTINGS]
    return [
        row(f"`{setting.key}`", words if setting.does else "none", setting.does or "refused", setting.instead)
        for words, setting in zip(taken, SETTINGS, strict=True)
    ]


def row(*parts: str) -> str:
    return f"| {' | '.join(part.replace('|', chr(92) + '|') for part in parts)} |"


def test_every_flag_stands_there() -> None:
    assert table(page("hydra.md"), "flags") == [cells(line) for line in rows_of_flags()]


def test_every_setting_stands_there() -> None:
    assert table(page("hydra.md"), "settings") == [cells(line) for line in rows_of_settings()]


def test_the_lines_for_shells_are_those_that_are_told() -> None:
    for shell, line in EXAMPLES.items():
        assert f"| {shell} | " in page("hydra.md")
        assert f"`{line.replace('|', chr(92) + '|')}`" in page("hydra.md")


@pytest.mark.parametrize("line", re.findall(r"^    python -m caresim (.*?)(?: +#.*)?$", page("hydra.md"), flags=re.M))
def test_commands_on_the_page_are_understood(line: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    request = asking.parse(shlex.split(line))
    assert request.info or request.printing or request.settings


def test_what_is_completed_on_the_page_is_completed() -> None:
    words = gathered()
    lines = re.findall(r"^    (caresim .*)<tab> +(.*)$", page("hydra.md"), flags=re.M)
    assert len(lines) == 5
    for line, told in lines:
        found = after(line, words)
        assert found
        if "=" in told and " and " not in told:
            assert found == [told]
    assert [word.rpartition(".")[2] for word in after(lines[1][0], words)] == re.findall(r"\w+=", lines[1][1])
    assert [word.partition("=")[2] for word in after(lines[2][0], words)] == lines[2][1].split(", ")
    assert codes(page("hydra.md"))


def test_the_figures_are_those_that_were_measured() -> None:
    told = table(page("hydra.md"), "start-up")
    assert told == [cells(line) for line in hydra_main.rows()]
    median = {what: float(figures.split()[0]) for what, figures in told}
    assert len(median) == len(hydra_main.WAYS)
    for what in ("one run", "a sweep of four"):
        assert median[f"{what}, caresim"] < median[f"{what}, `hydra.main`"]


if __name__ == "__main__":
    print(
        "\n".join(
            ["| flag | of Hydra's | what it does | what to type instead |", "|---|---|---|---|", *rows_of_flags()]
        )
    )
    print("\n| setting | values that are taken | what it does | what to type instead |\n|---|---|---|---|")
    print("\n".join(rows_of_settings()))
