"""The format block: what it takes, and what it refuses."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from caresim.config.errors import from_validation
from caresim.config.exports.file_format import Format


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"seperator": "tab"}, "replay.format.seperator = 'tab': unknown key, .*did you mean separator"),
        ({"separator": ";"}, "replay.format.separator = ';': allowed: comma, semicolon, tab, bar"),
        ({"dates": "american"}, "replay.format.dates = 'american': allowed: iso, day_first"),
        ({"units": {"service": "ms"}}, "replay.format.units.service = 'ms': unknown column.*did you mean service_s"),
        ({"units": {"service_s": "hours"}}, "replay.format.units.service_s = 'hours': allowed: ms, s, min, h"),
        ({"columns": {"service_s": ["a", "b"]}}, "a date and a time are joined for arrival"),
        ({"columns": {"arrival": ["a", "b", "c"]}}, "replay.format.columns.arrival"),
        ({"outcomes": {"lost": "HANG"}}, "unknown outcome, allowed: answered, abandoned, blocked, left_out"),
        ({"outcomes": {"abandoned": False}}, "write the word in quotes"),
        ({"outcomes": {"abandoned": []}}, "must be a word, or a list of words"),
        ({"media": {"chat": "Chat"}}, "unknown medi.*allowed: phone"),
        ({"interval": "0 min"}, "replay.format.interval"),
        ("semicolons", "must be a mapping"),
    ],
)
def test_a_format_that_cannot_be_meant_is_refused_by_its_key(raw, told):
    with pytest.raises(ValidationError) as refused:
        Format.model_validate(raw)
    assert re.search(told, str(from_validation(refused.value, "replay.format")))
