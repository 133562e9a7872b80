"""Where the configuration files are: beside the package (an installed wheel) or at the top of a checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def conf() -> Path:
    """The folder with the packaged configuration; FileNotFoundError says where it was looked for."""
    package = Path(__file__).resolve().parent.parent
    places = (package / "conf", package.parent.parent / "conf")
    for place in places:
        if (place / "config.yaml").is_file():
            return place
    raise FileNotFoundError(
        f"no config.yaml in {' or '.join(str(place) for place in places)}: the installation is broken"
    )
