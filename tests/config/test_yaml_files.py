"""YAML files of a user: what each editor and each slip leaves in them is read, or told in one line with its place."""

from __future__ import annotations

import os
import time

import pytest

from caresim.config import yaml_file
from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.config.paths import conf, experiments
from caresim.config.yaml_source import PACKAGE_LINE

TEXT = (conf() / "experiment" / "queue.yaml").read_text(encoding="utf-8")
LABELS = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
TEN_TIMES = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 10))
MERGED = "x0: &x0 {a: 1}\n" + "".join(f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 10)}]}}\n" for n in range(1, 10))
REFERENCES = "x0: aaaaaaaaaa\n" + "".join(f"x{n}: '{f'${{x{n - 1}}}' * 10}'\n" for n in range(1, 10))


@pytest.fixture
def asked(tmp_path):
    """The experiment in a file of these bytes."""

    def made(content, **others):
        folder = tmp_path / "experiment"
        folder.mkdir()
        for name, text in {"mine": content, **others}.items():
            (folder / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return compose(["experiment=mine"], tmp_path)

    return made


def test_a_byte_order_mark_is_no_part_of_the_text(asked, tmp_path):
    assert asked(b"\xef\xbb\xbf" + TEXT.encode()).name == "queue"
    assert dict(experiments(tmp_path))["mine"].startswith("A queue as textbooks have it")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode("utf-16"), "is saved as UTF-16; save it as UTF-8"),
        (TEXT.encode("utf-32"), "is saved as UTF-32; save it as UTF-8"),
        (TEXT.encode("utf-16-le"), "is no text, or is saved as UTF-16"),
        (TEXT.replace("design", "dèsign").encode("latin-1"), r"line \d+: is not text in UTF-8"),
        ("", "is empty"),
        (f"{PACKAGE_LINE}\n# nothing\n", "is empty"),
        (TEXT.replace(f"{PACKAGE_LINE}\n", ""), f"an experiment begins with the line {PACKAGE_LINE}; write it there"),
        (f"{PACKAGE_LINE}\nwords\n", "must be a table of keys"),
        (f"{PACKAGE_LINE}\n- a\n", "must be a table of keys"),
        (TEXT.replace("name: queue", "name:"), r"^name: has no value \(null\); it must be text$"),
        (TEXT.replace("disruption: {}", "disruption:"), r"^disruption: has no value \(null\); it must be a mapping"),
        (f"{TEXT}null: 3\n", "mine.yaml: null = 3: is no name of a key; write 'null' in quotes"),
        (TEXT.replace("{en:", "{no:"), r"customers\.languages\.False = False: YAML reads bare on, off, yes, no"),
        (f"{TEXT}x: &a [*a]\n", "contains itself by the label"),
        (f"{TEXT}x: {'[' * 3000}{']' * 3000}\n", "deeper than 50 levels"),
        (f"{TEXT}x: {'{a: ' * 60}1{'}' * 60}\n", "deeper than 50 levels"),
        (f"{TEXT}x: !!python/object/apply:os.system [ls]\n", "has the type python/object/apply:os.system"),
        (f"{TEXT}x: !!python/object/apply:pathlib.Path [ls]\n", "has the type python/object/apply:pathlib.Path"),
        (f"{TEXT}name: other\n", r"mine.yaml, line \d+: is no YAML: found duplicate key name"),
        (TEXT.replace("  servers:", "\tservers:"), r"mine.yaml, line \d+: is no YAML"),
        (f"{TEXT}x: ${{y}}\ny: ${{x}}\n", "refers back to itself"),
        (f"{TEXT}#{'x' * 10_000_000}\n", "allowed: at most 10,000,000"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_one_line(asked, content, said):
    with pytest.raises(BadInput, match=said) as refusal:
        asked(content)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("010", "write '010' in quotes"),
        ("12:30", "write '12:30' in quotes for a clock time"),
        ("9:05", "write '09:05' in quotes for a clock time"),
        ("1:30.5", "number in base 60"),
        ("0x10", "another base than 10"),
        ("0b11", "another base than 10"),
        ("9" * 5000, "at most 30 digits"),
    ],
)
def test_numbers_that_yaml_turns_into_others_are_refused(asked, written, said):
    with pytest.raises(BadInput, match=rf"mine.yaml, line 10 = '.*{said}"):
        asked(TEXT.replace("start: 2026", f"seed: {written}\nstart: 2026"))


@pytest.mark.parametrize("written", ["1_000", "1e3", "'010'", "no"])
def test_a_file_and_the_command_line_agree_on_a_number(asked, written):
    def outcome(ask):
        try:
            return ask().seed
        except BadInput as refusal:
            return refusal.allowed

    in_file = outcome(lambda: asked(TEXT.replace("start: 2026", f"seed: {written}\nstart: 2026")))
    assert in_file == outcome(lambda: compose(["experiment=queue", f"seed={written}"]))


@pytest.mark.parametrize("bomb", [LABELS + TEN_TIMES, MERGED, REFERENCES], ids=["labels", "merged", "references"])
def test_what_multiplies_is_cut_before_it_grows(asked, bomb):
    began = time.process_time()
    with pytest.raises(BadInput, match=r"has more than 100,000 values|is too long with its references"):
        asked(TEXT + bomb)
    assert time.process_time() - began < 5


def test_defaults_that_lead_back_are_told_as_the_way_they_take(asked):
    other = f"{PACKAGE_LINE}\ndefaults:\n  - mine\nseed: 1\n"
    circle = "experiment/mine -> experiment/other -> experiment/mine"
    with pytest.raises(BadInput, match=rf"defaults: lead back to themselves \({circle}\)"):
        asked(TEXT.replace("  - override /behaviour", "  - other\n  - override /behaviour"), other=other)


def test_defaults_that_multiply_are_cut(asked):
    files = {f"x{n}": PACKAGE_LINE + "\ndefaults:\n" + f"  - x{n - 1}\n" * 10 + "seed: 1\n" for n in range(1, 10)}
    with pytest.raises(BadInput, match=r"name more than 1,000 files"):
        asked(files.pop("x9"), x0=f"{PACKAGE_LINE}\nseed: 1\n", **files)


def test_a_pipe_or_a_folder_is_no_experiment(tmp_path):
    (tmp_path / "experiment" / "folder.yaml").mkdir(parents=True)
    os.mkfifo(tmp_path / "experiment" / "pipe.yaml")
    os.mkfifo(tmp_path / "experiment" / "tokyo.yaml")
    for name in ("folder", "pipe"):
        with pytest.raises(BadInput, match="no such file"):
            compose([f"experiment={name}"], tmp_path)
    assert "pipe" not in dict(experiments(tmp_path))


def test_every_file_of_ours_passes_the_look():
    for file in conf().rglob("*.yaml"):
        assert isinstance(yaml_file.read(file)[1], dict)
