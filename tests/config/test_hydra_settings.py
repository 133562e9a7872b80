"""Every setting of the installed Hydra has a row: it works, or is refused with what to type instead."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hydra.conf import HydraConf

from caresim.config import hydra_settings
from caresim.config.errors import BadInput
from caresim.config.hydra_settings import SETTINGS, WORK, as_they_stand, is_hydras, refusal, setting_of, taken


def leaves(node: Any, path: str) -> Iterator[str]:
    """Dotted keys of the tables that a dataclass is, down to what is no dataclass."""
    for field in dataclasses.fields(node):
        if (path, field.name) == ("hydra", "defaults"):
            continue
        inner = getattr(node, field.name)
        key = f"{path}.{field.name}"
        if dataclasses.is_dataclass(inner):
            yield from leaves(inner, key)
        else:
            yield key


def groups() -> list[str]:
    return [f"hydra/{group}" for entry in HydraConf().defaults for group in entry]


@pytest.mark.parametrize("key", [*leaves(HydraConf(), "hydra"), *groups()])
def test_every_setting_of_the_installed_hydra_has_a_row(key: str) -> None:
    row = setting_of(key)
    assert row is not None
    assert row.does or row.instead


def test_there_are_no_other_rows_and_none_twice() -> None:
    """Rows of a part of a setting, such as `hydra.launcher`, hold for all below it."""
    known = {*leaves(HydraConf(), "hydra"), *groups()}
    keys = [row.key for row in SETTINGS]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if not any(name == key or name.startswith(f"{key}.") for name in known)] == []


def test_what_a_later_hydra_may_have_is_refused() -> None:
    for word in ("hydra.brand_new=1", "hydra/brand_new=x", "+hydra.run.brand_new=1", "hydra.run={dir: x}"):
        with pytest.raises(BadInput, match="leave it out"):
            taken([word])


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.key)
def test_each_works_or_is_refused_with_what_to_type(row: hydra_settings.Setting) -> None:
    if row.does:
        value = row.values[0] if row.values else row.example
        assert list(taken([f"{row.key}={value}"])) == [row.key]
    if row.does and row.values:
        with pytest.raises(BadInput) as refused:
            taken([f"{row.key}=something_else"])
        assert row.instead in str(refused.value)
    if not row.does:
        for word in (f"{row.key}=x", f"++{row.key}.below=x", f"{row.key}=joblib"):
            with pytest.raises(BadInput) as refused:
                taken([word])
            assert row.instead in str(refused.value)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("hydra/launcher=joblib", "workers=4"),
        ("hydra/launcher=submitit_slurm", "cluster=tcp"),
        ("hydra.launcher.n_jobs=4", "workers=4"),
        ("hydra/sweeper=optuna", "KEY=1,2,4"),
        ("hydra.searchpath=[pkg://evil]", "--config-dir DIR"),
        ("hydra.verbose=true", "--info all"),
        ("hydra.job.chdir=true", "leave it out"),
        ("hydra.job.env_set.OMP_NUM_THREADS=1", "NAME=value python -m caresim"),
        ("hydra.run.dir=a,b", "takes one value"),
        ("hydra.mode=BOTH", "RUN, MULTIRUN"),
        ("~hydra.launcher", "leave it out"),
        ("~hydra/job_logging=default", "leave it out"),
        ("+staffing/tokyo@hydra.launcher=hybrid", "leave it out"),
        ("hydra.run.dir=[", "cannot be read"),
        ("hydra.run.dir=[a,b]", "takes text, such as outputs/mine"),
        ("hydra.run.dir=null", "takes text"),
        ("hydra.job.config.override_dirname.kv_sep=null", "takes text"),
        ("hydra.job.config.override_dirname.exclude_keys=seed", "takes a list, such as [seed]"),
    ],
)
def test_what_is_refused_says_what_to_type(word: str, told: str) -> None:
    assert is_hydras(word)
    with pytest.raises(BadInput) as refused:
        taken([word])
    assert told in str(refused.value)


def test_values_are_read_as_hydra_reads_them() -> None:
    words = ["hydra.run.dir='my runs/one'", "hydra.job.config.override_dirname.exclude_keys=[seed,record]"]
    assert taken([*words, "+hydra.job.chdir=False"]) == {
        "hydra.run.dir": "my runs/one",
        "hydra.job.config.override_dirname.exclude_keys": ["seed", "record"],
        "hydra.job.chdir": False,
    }
    assert taken(["hydra.run.dir=007"]) == {"hydra.run.dir": "007"}
    assert taken(["hydra.run.dir=true"]) == {"hydra.run.dir": "true"}
    with pytest.raises(BadInput, match="given twice"):
        taken(["hydra.run.dir=a", "++hydra.run.dir=b"])


def test_what_stands_is_said_as_hydra_nests_it() -> None:
    stands = as_they_stand({"hydra.run.dir": "x", "hydra/launcher": "basic"})["hydra"]
    assert stands["run"] == {"dir": "x"}
    assert stands["job"] == {"chdir": False}
    assert "launcher" not in stands


def test_from_python_no_folder_is_named_by_hydras_word() -> None:
    assert "output_dir" in str(refusal("hydra.run.dir=x"))
    assert "--config-dir" in str(refusal("hydra.searchpath=[x]"))
    assert {row.key for row in WORK} < {row.key for row in SETTINGS}
