"""Facts, notices and bystanders of a random world."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import LANGUAGES, ZONES, one, percent, some
from tests.support.properties.unusual_behaviour import NEEDS


def draw_disruption(draw: Any, whole: dict[str, Any]) -> None:
    disruption = whole["disruption"]
    for k in range(draw(one(0, 1, 2))):
        disruption["facts"][f"fact_{k}"] = {"operator": "a", "at": whole["start"], "what": "something"}
    for k in range(draw(one(0, 1, 2))):
        disruption["notices"][f"notice_{k}"] = {
            "operator": draw(st.sampled_from(list(whole["operators"]))),
            "at": draw(one(whole["start"], f"{whole['start'][:10]} 23:30 UTC")),
            "media": ["web"],
            "languages": some(draw, list(LANGUAGES), 1),
            "reach": {name: draw(percent()) for name in whole["population"]["cohorts"]},
            "delay": draw(one("1 h", "1 s")),
            "clarity": draw(percent()),
            "meets": {need: draw(percent()) for need in NEEDS if need != "information"},
            "prompts": draw(percent()),
        }
    public = [
        (name, f"{name}_public")
        for name in whole["operators"]
        if f"{name}_public" in whole["operators"][name]["channels"]
    ]
    if public and draw(st.booleans()):
        operator, channel = draw(st.sampled_from(public))
        disruption["bystanders"] = {
            "operator": operator, "channel": channel, "base": draw(one("1 posts/h", "0 posts/h")),
            "per_hour": draw(one("5 posts/h", "0 posts/h", "20 posts/h")),
            "per_unresolved": draw(one("0 posts/h", "0.05 posts/h")),
            "pulses": [{"at": "1 h", "weight": "1 x"}], "half_life": "2 h", "timezone": draw(one(*ZONES)),
        }  # fmt: skip
