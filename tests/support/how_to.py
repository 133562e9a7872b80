"""The answers on docs/how_to.md, as their commands print them; `python -m tests.support.how_to` writes them anew."""

from __future__ import annotations

import re
import shlex
import tempfile
import textwrap
from pathlib import Path

import caresim
from caresim.__main__ import command as run
from caresim.tasks.compare import answer
from caresim.tasks.nowcast.desk import words as nowcast_words
from caresim.tasks.nowcast.desk.nowcast import nowcast as of_desk
from caresim.tasks.nowcast.desk.settings import from_values
from caresim.tasks.nowcast.settings import values_of

PAGE = Path(__file__).parents[2] / "docs" / "how_to.md"
BOX = re.compile(r"^ {4}python -m caresim ([^\n]*)\n\n```text\n(.*?)```$", flags=re.M | re.S)
COMMAND = re.compile(r"^ {4}python -m caresim ([^\n]*)$", flags=re.M)
WIDTH = 112


def answered(command: str) -> str:
    """The sentences that a command prints, as they stand in its box."""
    words = shlex.split(command)
    if "task=nowcast" in words:
        return wrapped(nowcast_words.answer(of_desk(from_values(values_of(words)))))
    with tempfile.TemporaryDirectory() as place:
        words = [*words, "record=none", f"output_dir={place}"]
        if "-m" in words:
            return wrapped(swept(words, Path(place)))
        experiment = caresim.load(*words)
        if experiment.task == "sensitivity":
            told = caresim.sensitivity(experiment).text.splitlines()
        else:
            told = answer.sentences(caresim.compare(experiment))
    return wrapped(told)


def swept(words: list[str], place: Path) -> list[str]:
    """What a sweep answers."""
    status = run([*words, "figures=none", "page=none"])
    assert status == 0, words
    (folder,) = place.glob("2*_sweep_*")
    return caresim.Sweep.load(folder).answer()


def wrapped(sentences: list[str]) -> str:
    return "".join(textwrap.fill(sentence, WIDTH) + "\n" for sentence in sentences)


def main() -> None:
    """Write every answer anew."""
    text = PAGE.read_text(encoding="utf-8")
    for box in BOX.finditer(text):
        text = text.replace(box[0], box[0].replace(f"```text\n{box[2]}```", f"```text\n{answered(box[1])}```"))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
