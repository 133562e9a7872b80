"""What was observed beside what came out: how many runs, what was put in, never; and whether models can be ranked."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from caresim.config.observations import Observation
from caresim.inference.ranking import RANKING
from caresim.measure.observations import PERSONS, PREFIX
from caresim.run.observation_table import table
from caresim.tasks.compare import observations, ranking

OBSERVATIONS = {
    "first_reply": {"measure": "first_reply", "observed": "4 min", "tolerated": ["2 min", "6 min"]},
    "broken": {"measure": "broken_promise", "observed": "yes", "given": "half of the replies promise"},
    "happier": {"measure": "happier", "than": "sncf", "observed": "80 %", "passenger": None},
}


@pytest.fixture
def results():
    """Four evenings: a reply after 5 min, 9 min and never, once nobody asked; one and nine persons with both."""
    listed = {
        name: Observation(
            **{"what": f"what {name} is", "operator": "air_france", "source": "here", "passenger": "he"} | told
        )
        for name, told in OBSERVATIONS.items()
    }
    rows = pd.DataFrame({
        "staffing": "as_it_was", "replication": range(4), "draw": [0, 0, 1, 1],
        f"{PREFIX}first_reply": [5.0, 9.0, np.inf, np.nan],
        f"{PREFIX}broken": [1.0, 0.0, 0.0, 0.0],
        f"{PREFIX}happier": [1.0, 0.0, 1.0, np.nan],
        f"{PREFIX}happier{PERSONS}": [1.0, 9.0, 2.0, 0.0],
    })  # fmt: skip
    experiment = SimpleNamespace(observations=listed, timezone="Europe/Paris")
    return SimpleNamespace(
        experiment=experiment, baseline="as_it_was", observations=lambda: table(rows, experiment), rows=rows
    )


def printed(view, of) -> str:
    stream = io.StringIO()
    view.show(of, Console(file=stream, width=160, highlight=False))
    return stream.getvalue()


def test_never_answered_counts_and_who_never_asked_does_not(results):
    row = results.observations().set_index("observation").loc["first_reply"]
    assert (row["simulated"], row["high"], row["count"], row["of"]) == (9.0, np.inf, 2, 3)
    assert row["verdict"] == "partly"
    text = printed(observations, results)
    assert "9.0 min (5.0 min to never)" in text
    assert "2 of 3 runs" in text


def test_persons_are_pooled_and_counted(results):
    row = results.observations().set_index("observation").loc["happier"]
    assert (row["simulated"], row["of"]) == (pytest.approx(3 / 12), 12)
    assert "12 persons" in printed(observations, results)


def test_seen_in_one_evening_of_four_is_not_what_mostly_comes(results):
    assert results.observations().set_index("observation").loc["broken", "simulated"] == 0.25


def test_what_was_put_in_is_marked_explained_and_counted_apart(results):
    text = " ".join(printed(observations, results).split())
    assert "what broken is °" in text
    assert "° what broken is: half of the replies promise" in text
    assert "2 that nothing was set to" in text
    assert "1 that something was set to (°)" in text


def test_a_sentence_says_who_stands_apart_and_what_becomes_of_the_others():
    row = ("mood_area", "announcement", "office_hours nobody night", 3, 0, 3, 0, "collapses", "night", "nobody")
    rows = pd.DataFrame([(*row, 0.93, 0.90, 0.96, 1.15)], columns=list(RANKING))
    study = SimpleNamespace(confidence=SimpleNamespace(value=0.95))
    many = pd.DataFrame({"replication": range(32), "draw": np.repeat(range(16), 2)})
    made = SimpleNamespace(ranking=lambda: rows, experiment=SimpleNamespace(study=study), replications=many)
    text = " ".join(printed(ranking, made).split())
    assert "Announcement can be told from every other." in text
    assert "Of 3 pairs of the 3 others, 3 no difference that matters: among these the ranking collapses." in text
    assert "Largest: Night against Nobody ×0.93 (×0.90 to ×0.96)." in text
