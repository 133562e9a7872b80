"""The notebooks run as they are, and what is committed is what running them gives."""

from __future__ import annotations

import base64
import json
import platform
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import caresim

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
NOTEBOOKS = sorted(EXPERIMENTS.glob("*.ipynb"))
MACHINE = re.compile(
    r"(?<![\w.:/<])/(?:[\w.+-]+/)+[\w.+-]+"  # a path from the root, of two folders or more
    r"|(?<!\w)~/[\w.+-]+|[A-Za-z]:\\\\?\w+\\"
    r"|0x[0-9a-f]{6,}"  # where an object lay in memory
)
PICTURES = {"tokyo.ipynb": 3, "plan.ipynb": 1, "what_decides.ipynb": 2, "sweep.ipynb": 2}
"""How many figures each has."""
LARGEST = 1_500_000
"""Bytes of a committed notebook: a review shows it, a clone carries it for ever."""
AGAIN = "run and save it again as experiments/README.md says, and read whether the answer there still holds"


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook, every cell run in its folder by the Python of this process. CellExecutionError if one fails."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=600, record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    return client.execute()


@cache
def run_through(path: Path) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """A notebook as it is committed, and as it comes out of a run."""
    before = sorted(EXPERIMENTS.rglob("*"))
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CARESIM_RUN", raising=False)
        fresh = executed(path)
    assert fresh.metadata.language_info.version == platform.python_version(), "the kernel is that of another Python"
    assert sorted(EXPERIMENTS.rglob("*")) == before, "the notebook leaves files behind"
    return nbformat.read(path, as_version=4), fresh


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def pair(request: pytest.FixtureRequest) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    return run_through(request.param)


@pytest.fixture
def tokyo() -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    return run_through(EXPERIMENTS / "tokyo.ipynb")


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(notebook: nbformat.NotebookNode, name: str) -> str:
    """What the cell of this name printed."""
    cell = next(cell for cell in code(notebook) if cell.id == name)
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")


def figures(notebook: nbformat.NotebookNode) -> list[bytes]:
    found = [output.data for cell in code(notebook) for output in cell.outputs if "data" in output]
    return [base64.b64decode(data["image/png"]) for data in found if "image/png" in data]


def told(notebook: nbformat.NotebookNode) -> str:
    """All outputs but the pictures, as text."""
    outputs = [json.loads(json.dumps(output)) for cell in code(notebook) for output in cell.outputs]
    for output in outputs:
        output.get("data", {}).pop("image/png", None)
    return json.dumps(outputs, ensure_ascii=False)


def test_every_notebook_is_listed_and_ends_in_a_conclusion() -> None:
    assert {path.name for path in NOTEBOOKS} == set(PICTURES)
    listed = (EXPERIMENTS / "README.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        assert f"]({path.name})" in listed
        assert code(nbformat.read(path, as_version=4))[-1].id == "conclusion"


def test_every_cell_runs_without_a_word_of_complaint(pair: tuple[nbformat.NotebookNode, nbformat.NotebookNode]) -> None:
    cells = code(pair[1])
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_the_conclusion_compares_every_staffing_model(
    tokyo: tuple[nbformat.NotebookNode, nbformat.NotebookNode],
) -> None:
    conclusion = printed(tokyo[1], "conclusion")
    for name in list(caresim.load("experiment=tokyo").staffing)[1:]:
        assert re.search(rf"^- {name}, \d\.\d\d times the paid hours$", conclusion, flags=re.MULTILINE)
    assert {"four_people", "every_day"} <= set(re.findall(r"^- (\w+): [+-]\d", conclusion, flags=re.MULTILINE))
    assert "nan" not in conclusion


def test_the_baseline_does_not_depend_on_what_it_is_compared_with(
    tokyo: tuple[nbformat.NotebookNode, nbformat.NotebookNode],
) -> None:
    assert printed(tokyo[1], "what-if") == "social_team, the numbers of both comparisons: identical\n"


def test_the_conclusion_has_no_result_written_into_it(
    pair: tuple[nbformat.NotebookNode, nbformat.NotebookNode],
) -> None:
    """All numbers in its source are 0, 1, 100 for percent, digits shown (2) and the 60 minutes of a metric's name."""
    source = next(cell.source for cell in code(pair[0]) if cell.id == "conclusion")
    written = re.sub(r":\.\df", "", source)  # digits shown, as in {hours:.2f}
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", written)) <= {"0", "0.0", "1", "2", "60", "100"}


@pytest.mark.parametrize("name", PICTURES)
def test_the_figures_are_drawn(name: str) -> None:
    for notebook in run_through(EXPERIMENTS / name):
        drawn = figures(notebook)
        assert len(drawn) == PICTURES[name]
        assert all(picture.startswith(b"\x89PNG") for picture in drawn)


def test_the_committed_conclusion_is_what_running_gives(
    pair: tuple[nbformat.NotebookNode, nbformat.NotebookNode],
) -> None:
    committed, fresh = pair
    assert "nan" not in printed(fresh, "conclusion")
    assert printed(committed, "conclusion") == printed(fresh, "conclusion"), f"the notebook is out of date: {AGAIN}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_committed_outputs_are_of_one_run_from_top_to_bottom(path: Path) -> None:
    cells = code(nbformat.read(path, as_version=4))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.outputs for cell in cells)
    assert not [cell.id for cell in cells if "execution" in cell.metadata], "times of day differ from run to run"
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_committed_outputs_name_no_path_of_a_machine(path: Path) -> None:
    found = [match.group() for match in MACHINE.finditer(told(nbformat.read(path, as_version=4)))]
    assert not found


@pytest.mark.parametrize(
    "text", ["File /srv/some/place.py", "'/usr/lib'", r"in C:\\Users\\me\\x", "at ~/runs", "<Run at 0x7f3a2b1c4d5e>"]
)
def test_a_path_of_a_machine_is_recognised(text: str) -> None:
    assert MACHINE.search(text)


@pytest.mark.parametrize(("name", "told"), [("plan.ipynb", r"\d+ runs"), ("sweep.ipynb", r"\d+ points")])
def test_progress_leaves_one_line_that_is_the_same_in_every_run(name: str, told: str) -> None:
    """Where the bar was; without seconds, which would differ."""
    lines = [
        [
            output.data["text/plain"]
            for cell in code(notebook)
            for output in cell.outputs
            if output.output_type == "display_data" and re.fullmatch(told, output.data["text/plain"])
        ]
        for notebook in run_through(EXPERIMENTS / name)
    ]
    assert len(lines[0]) == 1
    assert lines[0] == lines[1]
