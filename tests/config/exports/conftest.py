"""Files as systems export them, written here, and the traffic that is read from them."""

from __future__ import annotations

import json

import pytest

from caresim.config import replay_files
from caresim.config.exports.file_format import Format


@pytest.fixture
def read(tmp_path):
    """Traffic from the text (or bytes) of one file, in a format; `kind` is contacts, intervals or staff."""

    def made(kind, text, zone="UTC", name=None, **form):
        file = tmp_path / (name or f"{kind}.csv")
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        written = Format.model_validate(json.loads(json.dumps(form)))
        return replay_files.read_alone(kind, str(file), zone, None, written)

    return made
