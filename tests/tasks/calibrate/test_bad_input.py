"""A history that cannot be used is refused in one sentence; one that says little keeps priors, and says which."""

from __future__ import annotations

import pytest
from tests.support.centre import loaded

from caresim.config.errors import BadInput
from caresim.tasks.calibrate.calibrate import calibrate
from caresim.tasks.calibrate.history import period
from caresim.tasks.calibrate.settings import Calibrate, words


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "history.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("kind,agent\na,b\n", "must have a column arrival"),
        ("arrival,wait_s\n5,1\n9,2\n", "has plain minutes"),
        ("arrival,outcome\n2026-03-02 09:00,eaten\n", "unknown outcome"),
        ("arrival,wait_s\n2026-03-02 09:00,long\n", "must be a number"),
        ("arrival\n", "has no row"),
    ],
)
def test_a_file_that_cannot_be_used(written, content, said) -> None:
    with pytest.raises(BadInput, match=said):
        loaded(written(content))


def test_a_file_that_is_written_otherwise_says_what_to_type(written) -> None:
    path = written("Call time;Wait time;Disposition\n02.03.2026 09:00:00;5;answered\n13.03.2026 09:10:00;7;abandoned\n")
    with pytest.raises(BadInput, match=r"To read it as it looks, add 'replay\.format=\{separator: semicolon"):
        loaded(path)


def test_there_is_no_such_file(tmp_path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        loaded(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("asked", "key", "said"),
    [
        (["train_to=2026-03-01"], "calibrate", "is required: calibrate=FILE.csv"),
        (["calibrate=x.csv", "trian=3"], "trian", "unknown key"),
        (["calibrate=x.csv", "train=3"], "train_to", "must be a date"),
        (["calibrate=x.csv", "train=2026-03-01", "train_to=2026-03-01"], "train_to", "is given twice"),
        (["calibrate=x.csv", "train_to=soon"], "train_to", "must be a date"),
        (["calibrate=x.csv", "train_from=2026-03-05", "train_to=2026-03-01"], "train_to", "must not be before"),
        (["calibrate=x.csv", "draws=3"], "draws", "20"),
    ],
)
def test_words_that_do_not_fit(asked, key, said) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        words(asked)
    assert refused.value.key == key


def test_days_without_contacts_are_said(written) -> None:
    history = loaded(written("arrival\n2026-03-02 09:00\n"))
    with pytest.raises(BadInput, match="the file has 2026-03-02 to 2026-03-02"):
        period(history, None, history.days[0].replace(day=1), "train", 1)


def test_what_the_history_cannot_tell_keeps_its_prior_in_one_line_each(written) -> None:
    path = written("arrival,shoe_size\n2026-03-02 09:00,42\n2026-03-02 09:10,43\n")
    found, _ = calibrate(Calibrate(contacts=str(path)))
    said = "\n".join(found.notes)
    for line in (
        "Handling times keep their prior",
        "Patience keeps its prior",
        "NO ROSTER: the file has no column agent",
        "The rules of the desk keep their prior",
        "Redials keep their prior",
        "Columns that are not read: shoe_size",
    ):
        assert said.count(line) == 1
