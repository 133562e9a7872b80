"""Compose and validate what a command line asks for, and stop: by caresim's own command line, or by `hydra.main`.

python benchmarks/programs/composed.py caresim experiment=tokyo
python benchmarks/programs/composed.py hydra.main -m experiment=tokyo seed=1,2
python benchmarks/programs/composed.py once experiment=tokyo      `hydra.main` that does not ask for its mode first
"""

from __future__ import annotations

import sys
from typing import Any


def by_caresim(words: list[str]) -> None:
    from caresim.tasks import request as asking
    from caresim.tasks.jobs import jobs_of

    for job in jobs_of(asking.parse(words)):
        assert job.experiment


def by_hydra_main(asks_for_mode: bool) -> None:
    import hydra
    from hydra._internal.hydra import Hydra
    from omegaconf import OmegaConf

    from caresim.config.paths import conf

    if not asks_for_mode:
        Hydra.get_mode = lambda *_, **__: None  # type: ignore[method-assign]

    @hydra.main(version_base="1.3", config_path=str(conf()), config_name="config")
    def run(composed: Any) -> None:
        from caresim.config.compose import validate

        assert validate(OmegaConf.to_container(composed, resolve=True))  # type: ignore[arg-type]

    run()


if __name__ == "__main__":
    way = sys.argv.pop(1)
    if way == "caresim":
        by_caresim(sys.argv[1:])
    else:
        by_hydra_main(asks_for_mode=way != "once")
