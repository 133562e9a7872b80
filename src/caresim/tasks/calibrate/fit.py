"""What a stretch of a history says under given rules: laws, speeds, patience, skills; and draws of what stays open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caresim.config.empirical import LEAST
from caresim.config.posterior import COLUMNS, HANDLING, PATIENCE, SPEED
from caresim.tasks.calibrate.after_call import after_call_law, drawn_after_call
from caresim.tasks.calibrate.desks import main_kinds
from caresim.tasks.calibrate.duty import serves
from caresim.tasks.calibrate.handling import HOURS, Handling, handling_of
from caresim.tasks.calibrate.history import History, Truths
from caresim.tasks.calibrate.patience import Patience, patience_of
from caresim.tasks.calibrate.redials import Redials, redials_of
from caresim.tasks.calibrate.rules import Rules


@dataclass(frozen=True)
class Fit:
    """Of `history` under `rules`; None: it does not say it, and the prior stays."""

    history: History
    rules: Rules
    skills: Truths
    """Shape (agents, kinds)."""
    handling: Handling | None
    patience: Patience | None
    away_min: float
    """Mean minutes away after a contact, in the handling times already."""
    redials: Redials | None = None

    def service_times(self) -> pd.DataFrame:
        """The handling times (seconds) at the average agent's speed, by channel and hour, as replays read them."""
        assert self.handling is not None
        rows = self.handling.rows
        names = np.array(self.history.kinds)
        return pd.DataFrame(
            {
                "service_s": np.round(self.handling.normal * 60.0, 3),
                "channel": names[self.history.kind[rows]],
                "hour": self.history.hour[rows],
            }
        )

    def patience_times(self) -> pd.DataFrame:
        """The waits (seconds) by channel, as replays read them."""
        assert self.patience is not None
        rows = self.patience.rows
        names = np.array(self.history.kinds)
        return pd.DataFrame(
            {
                "patience_s": np.round(self.history.wait_s[rows], 3),
                "censored": np.where(self.patience.hung_up, "no", "yes"),
                "channel": names[self.history.kind[rows]],
            }
        )

    def speeds(self, names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
        """Log speed and its standard deviation by agent; those whom the history does not know are like any other."""
        if self.handling is None:
            return {}
        found, speeds = {}, self.handling.speeds
        known = {self.history.agents[code]: place for place, code in enumerate(self.handling.agents.tolist())}
        for name in names:
            place = known.get(name)
            any_other = (speeds.centre, speeds.spread)
            found[name] = any_other if place is None else (float(speeds.mean[place]), float(speeds.sd[place]))
        return found

    def posterior(self, draws: int, luck: np.random.Generator, agents: tuple[str, ...]) -> pd.DataFrame:
        """Draws of all that the laws leave open, in the columns of a posterior; `agents` are those who will work.

        Normal in the logarithm: means by kind with their error from day to day; factors by hour and speeds as they
        are drawn towards their middle; scales of patience. The laws' own shapes are as they were seen.
        """
        rows: list[tuple[str, str, int | str, float, float]] = []
        if self.handling is not None:
            rows += self._of_handling()
            rows += [(SPEED, name, "", 0.0, sd) for name, (_, sd) in self.speeds(agents).items()]
        if self.patience is not None:
            for k, name in enumerate(self.history.kinds):
                rows.append((PATIENCE, name, "", float(self.patience.scale[k]), float(self.patience.scale_sd[k])))
        common = self._of_means(draws, luck)
        tables = []
        for what, of, hour, mean, sd in rows:
            log = mean + sd * luck.standard_normal(draws)
            if what == HANDLING:
                log = log + common[of]
            values = np.clip(np.exp(log), 0.01, 100.0)
            tables.append(pd.DataFrame(dict(zip(COLUMNS, (range(draws), what, of, hour, values), strict=True))))
        if not tables:
            return pd.DataFrame(columns=list(COLUMNS))
        return pd.concat(tables, ignore_index=True)

    def _of_means(self, draws: int, luck: np.random.Generator) -> dict[str, np.ndarray]:
        """The error of each kind's mean, which all of its hours share."""
        if self.handling is None:
            return {}
        names = self.history.kinds
        return {name: self.handling.mean_sd[k] * luck.standard_normal(draws) for k, name in enumerate(names)}

    def _of_handling(self) -> list[tuple[str, str, int | str, float, float]]:
        """Factors on what is drawn: a group of too few times draws from a wider one, whose mean is another."""
        assert self.handling is not None
        handling, history = self.handling, self.history
        rows = handling.rows
        count = np.bincount(history.kind[rows] * HOURS + history.hour[rows], minlength=len(history.kinds) * HOURS)
        whole = float(handling.normal.mean())
        found: list[tuple[str, str, int | str, float, float]] = []
        for k, name in enumerate(history.kinds):
            mean = float(handling.mean[k])
            if not mean > 0:
                continue
            of_kind = count[k * HOURS : (k + 1) * HOURS].sum() >= LEAST
            wider = 0.0 if of_kind else float(np.log(mean / whole))
            found.append((HANDLING, name, "", wider, 0.0))
            for hour in range(HOURS):
                if (k, hour) not in handling.hours:
                    continue
                factor, sd, seen = handling.hours[k, hour]
                own = count[k * HOURS + hour] >= LEAST
                found.append((HANDLING, name, hour, factor - seen if own else factor + wider, sd))
        return found


def skills_of(history: History, rules: Rules) -> Truths:
    """Who serves which kinds from the start, shape (agents, kinds)."""
    if rules.desks:
        return main_kinds(history, rules.desks)
    return np.ones((len(history.agents), len(history.kinds)), bool) if rules.shared else serves(history)


def fit(history: History, rules: Rules, seed: int) -> Fit:
    """Estimate everything from these contacts; BadInput is raised by nothing here: what is not said stays open."""
    skills = skills_of(history, rules)
    law = after_call_law(history, skills, rules.rest_min, rules.desks) if rules.after_call else None
    away = drawn_after_call(law, len(history), np.random.default_rng([seed, 1]))
    enough = int((history.answered & ~np.isnan(history.service_s)).sum()) >= LEAST
    handling = handling_of(history, away) if enough else None
    away_min = float(away.mean()) if len(away) else 0.0
    return Fit(history, rules, skills, handling, patience_of(history), away_min, redials_of(history, seed))
