"""Names that stand in names of files or columns, and paths, are refused where nothing could be written under them."""

from __future__ import annotations

import pytest

from caresim.config.compose import compose, validate
from caresim.config.errors import MOST_LISTED, BadInput

GOOD = ("tokyo", "Tokyo 2", "été_2011", "東京", "a-b.c", "x" * 80)
BAD = {
    "a folder within": "a/b",
    "on Windows, too": "a\\b",
    "a line break": "a\nb",
    "nothing": "",
    "blanks": "  ",
    "this folder": ".",
    "the one above": "..",
    "a dot at its end": "a.",
    "a hidden file": ".a",
    "a device": "CON",
    "a device with an ending": "nul.txt",
    "300 characters": "x" * 300,
    "more bytes than characters": "東" * 61,
    "a control character": "a\x1b[31mb",
    "half a character": "a\ud800",
    "NUL": "a\0b",
    "a star": "a*",
    "truth": True,
    "a number": 3,
    "null": None,
}


@pytest.mark.parametrize("name", GOOD)
def test_a_name_may_be_in_any_script(with_value, name):
    assert validate(with_value("name", name)).name == name


@pytest.mark.parametrize("what", BAD)
def test_a_name_that_no_file_can_have_is_refused(with_value, what):
    with pytest.raises(BadInput, match=r"^name( = .*)?: ") as refusal:
        validate(with_value("name", BAD[what]))
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("table", ["staffing", "operators", "population.cohorts", "staffing.social_team.desks"])
@pytest.mark.parametrize("name", ["a/b", "CON", "", "x" * 65, "a b", "é", "a\n"])
def test_names_of_entries_are_short_words(with_value, composed, table, name):
    entries = composed
    for step in table.split("."):
        entries = entries[step]
    *_, last = entries
    with pytest.raises(BadInput, match=r"lower-case letters, digits and _, starting with a letter, at most 64"):
        validate(with_value(table, entries | {name: entries[last]}))


@pytest.mark.parametrize("path", ["", " ", None, 3, ["a"]])
def test_a_path_is_text(with_value, path):
    with pytest.raises(BadInput, match=r"^output_dir.*must be a path"):
        validate(with_value("output_dir", path))


def test_a_path_is_kept_as_it_is_given(with_value):
    assert validate(with_value("output_dir", "my  results ")).output_dir == "my  results "


@pytest.mark.parametrize("text", ["a\0b", "a\x07", "\ud800", "\ufffe"])
@pytest.mark.parametrize(
    "key", ["question", "output_dir", "behaviour.anger.kappa.source", "staffing.social_team.differs"]
)
def test_text_that_cannot_be_written_is_refused_wherever_it_stands(with_value, key, text):
    with pytest.raises(BadInput, match=r"has a character that cannot be written \(U\+") as refusal:
        validate(with_value(key, text))
    assert refusal.value.key == key


@pytest.mark.parametrize("word", ["name=\udcff", "seed=1\x1b[31m", "--help\udcff", "population.scale=\0"])
def test_words_that_are_no_text_are_refused(word):
    from caresim.tasks.request import parse

    with pytest.raises(BadInput, match=r"command line = .*is no text"):
        parse([word])


@pytest.mark.parametrize(
    "word", [f"{'[' * 5000}=1", f"seed={'[' * 3000}{']' * 3000}", f"population={'{a:' * 300}1{'}' * 300}", "[" * 100]
)
def test_brackets_without_end_are_refused(word):
    with pytest.raises(BadInput, match=r"command line = .*brackets within each other"):
        compose([word])


def test_a_path_of_ten_thousand_characters_is_read_and_a_novel_is_not():
    assert len(compose(["experiment=queue", f"output_dir={'x/' * 5000}"]).output_dir) == 10_000
    with pytest.raises(BadInput, match="allowed: at most 50,000"):
        compose([f"output_dir={'x' * 60_000}"])


def test_a_folder_with_a_name_that_no_system_has_is_no_folder():
    for name in ("x" * 10_000, "a\0b"):
        with pytest.raises(BadInput, match="must be an existing folder"):
            compose([], name)


@pytest.mark.parametrize("path", ["/dev/zero", "/", "x" * 10_000, "/etc/passwd/there"])
def test_a_data_file_is_a_regular_file(path):
    with pytest.raises(BadInput, match=r"replay\.contacts = .*is no file"):
        compose(["experiment=replay", f"replay.contacts={path}"])


def test_a_pipe_is_no_data_file_and_nobody_waits_for_it(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="is no file"):
        compose(["experiment=replay", f"replay.contacts={tmp_path / 'pipe'}"])


@pytest.mark.parametrize(
    "when", ["10000-01-01 00:00 UTC", "0000-01-01 00:00 UTC", "262144-01-01 00:00 UTC", "2011-02-30 00:00 UTC",
             "9999-12-31 23:00 Europe/Paris", "0001-01-01 00:00 Asia/Tokyo"]
)  # fmt: skip
def test_dates_beyond_the_calendar_are_refused(with_value, when):
    with pytest.raises(BadInput, match=r"start = .*must be a date"):
        validate(with_value("start", when))


@pytest.mark.parametrize("key", ["warm_up", "window", "drain"])
def test_a_run_lies_within_the_calendar(with_value, key):
    with pytest.raises(BadInput, match=rf"{key} = .*(?:a hundred years|of memory)"):
        validate(with_value(key, "1e9 d"))


@pytest.mark.parametrize("number", [2**63, -(2**64), 10**400])
def test_a_number_that_no_record_has_room_for_is_refused(with_value, number):
    for key in ("seed", "population.scale", "behaviour.anger.kappa"):
        with pytest.raises(BadInput, match=r"is too large; allowed: at most 9223372036854775807"):
            validate(with_value(key, number))


def test_a_table_that_contains_itself_is_refused(with_value):
    whole = with_value("observations", {})
    whole["observations"]["again"] = whole["observations"]
    with pytest.raises(BadInput, match="contains itself"):
        validate(whole)


@pytest.mark.parametrize("value", [5, "words", [1], True])
def test_a_value_in_place_of_a_table_is_refused_at_every_level(composed, with_value, value):
    tables = [
        ("population",),
        ("population", "cohorts"),
        ("staffing", "social_team"),
        ("behaviour", "anger"),
        ("study",),
    ]
    for way in tables:
        with pytest.raises(BadInput):
            validate(with_value(".".join(way), value))


def test_the_suggestion_comes_first_and_the_list_is_short():
    with pytest.raises(BadInput, match=r"^worker = 2: unknown key, did you mean workers\? Allowed: ") as refusal:
        compose(["experiment=queue", "worker=2"])
    assert refusal.value.allowed.count(",") <= MOST_LISTED
    assert refusal.value.allowed.endswith(" more")
