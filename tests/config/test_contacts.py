"""The contacts of a replay as columns: their kinds, and keys that stay what they have always been."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from caresim.config.exports.file_format import Format
from caresim.config.replay_files import read_alone
from caresim.config.traffic import Traffic

TEXT = "arrival,channel,cohort\n0,phone,\n-0,phone,\n0.0,phone,vip\n2,email,\n1e1,phone,vip\n0,phone,\n2,email,\n"


PINNED = 10428641066431122610
"""The key of the only call of a file, at minute 5, as version 0.1.0 has it."""


def traffic(folder: Path, text: str = TEXT, kind: str = "contacts") -> Traffic:
    file = folder / "calls.csv"
    file.write_text(text)
    return read_alone(kind, str(file), "UTC", None, Format())


def written_out(found: Traffic) -> list[int]:
    """The keys as they are defined: the hash of an identity and of a number among equal ones, contact by contact."""
    origin = "" if found.start is None else found.start.isoformat()
    seen: dict[str, int] = {}
    keys = []
    for row in found.rows:
        identity = f"{row.channel}/{row.need}/{row.cohort}/{row.arrival!r}/{row.width!r}"
        number = seen.get(identity, 0)
        seen[identity] = number + 1
        text = f"replay/{origin}/{identity}/{number}"
        keys.append(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
    return keys


def test_keys_are_those_of_the_definition(tmp_path: Path) -> None:
    found = traffic(tmp_path)
    assert found.keys.tolist() == written_out(found)
    assert len(set(found.keys.tolist())) == len(found.rows)
    report = "interval_start,channel,offered\n2026-03-02 08:00,phone,40\n2026-03-02 08:30,email,3\n"
    spread = traffic(tmp_path, report, "intervals")
    assert spread.keys.tolist() == written_out(spread)


def test_a_key_is_pinned(tmp_path: Path) -> None:
    """Whoever changes it changes what comes out of every replay."""
    assert int(traffic(tmp_path, "arrival\n5\n").keys[0]) == PINNED


def test_kinds_come_in_the_order_of_their_first_contacts(tmp_path: Path) -> None:
    contacts = traffic(tmp_path).contacts
    assert [(kind.channel, kind.cohort) for kind in contacts.kinds] == [
        ("phone", "customers"),
        ("phone", "vip"),
        ("email", "customers"),
    ]
    assert [positions.tolist() for positions in contacts.of_kind] == [[0, 1, 5], [2, 4], [3, 6]]
    assert list(contacts.channels) == ["phone", "email"]
    assert contacts.which(lambda kind: kind.channel == "email").tolist() == [n in (3, 6) for n in range(7)]


def test_a_contact_takes_less_than_a_hundred_bytes(tmp_path: Path) -> None:
    """What says the same of all contacts takes nothing."""
    found = traffic(tmp_path, "arrival,service_s\n" + "".join(f"{n},60\n" for n in range(10_000)))
    columns = [value for value in vars(found.contacts).values() if isinstance(value, np.ndarray)]
    assert sum(column.size * column.itemsize for column in columns if column.strides != (0,)) < 100 * 10_000
