"""Where the live view is served, and which names and pages it takes for its own."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from caresim.config.errors import BadInput
from caresim.tasks.dashboard.address import Address, address_of, listen, proxy_of

HERE = Address("localhost", ("127.0.0.1", "::1"), 8765)
EVERYWHERE = Address("0.0.0.0", ("0.0.0.0",), 8765)
ELSEWHERE = Address("care.example", ("192.0.2.7",), 8765)
BEHIND = Address("localhost", ("127.0.0.1",), 8765, proxy_of("https://Hub.example/user/me/proxy/8765/"))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (HERE, "localhost"),
        (HERE, "LocalHost:8765"),
        (HERE, "127.0.0.1:8765"),
        (HERE, "[::1]:8765"),
        (HERE, "localhost:9000"),  # a tunnel
        (EVERYWHERE, "192.0.2.7:8765"),
        (EVERYWHERE, "[2001:db8::7]"),
        (EVERYWHERE, "localhost:8765"),
        (ELSEWHERE, "care.example:8765"),
        (ELSEWHERE, "192.0.2.7"),
        (BEHIND, "hub.example"),
        (BEHIND, "127.0.0.1:8765"),
    ],
)
def test_it_answers_to_its_own_names(address, host):
    assert address.answers_to(host)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        *(
            (HERE, host)
            for host in ("", "evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.nip")
        ),
        *((HERE, host) for host in ("evil@localhost", "localhost/x", "localhost:port", "[::1", "127.0.0.2", "0.0.0.0")),
        (EVERYWHERE, "evil.example:8765"),
        (ELSEWHERE, "localhost:8765"),
        (ELSEWHERE, "192.0.2.8"),
        (BEHIND, "evil.hub.example"),
    ],
)
def test_it_answers_to_no_other_name(address, host):
    assert not address.answers_to(host)


@pytest.mark.parametrize(
    ("address", "origin", "host", "trusted"),
    [
        (HERE, "http://localhost:8765", "localhost:8765", True),
        (HERE, "http://localhost:9000", "localhost:9000", True),
        (HERE, "http://localhost:9000", "localhost:8765", False),
        (HERE, "https://localhost:8765", "localhost:8765", False),
        (HERE, "http://127.0.0.1:8765", "localhost:8765", False),
        (HERE, "http://evil.example", "localhost:8765", False),
        (HERE, "null", "localhost:8765", False),
        (HERE, "", "localhost:8765", False),
        (BEHIND, "https://hub.example", "127.0.0.1:8765", True),
        (BEHIND, "https://hub.example", "hub.example", True),
        (BEHIND, "https://hub.example:444", "hub.example", False),
        (BEHIND, "https://evil.example", "hub.example", False),
    ],
)
def test_it_trusts_its_own_page_alone(address, origin, host, trusted):
    assert address.trusts(origin, host) == trusted


def test_the_address_to_open_is_one_that_a_browser_finds():
    assert HERE.shown == "http://127.0.0.1:8765"
    assert EVERYWHERE.shown == "http://127.0.0.1:8765"
    assert Address("::", ("::",), 80).shown == "http://[::1]:80"
    assert BEHIND.shown == "https://hub.example/user/me/proxy/8765/"
    assert [each.is_local for each in (HERE, EVERYWHERE, ELSEWHERE)] == [True, False, False]


@pytest.mark.parametrize("url", ["hub.example", "ftp://hub.example/", "https://", "https://hub:port/", "http://a@b/"])
def test_a_proxy_is_named_by_its_address(url):
    with pytest.raises(BadInput, match=r"dashboard.proxy = .*must be the address that the browser shows"):
        proxy_of(url)


def test_localhost_is_taken_at_both_addresses():
    """Otherwise another user of the machine could answer at the one that is left."""
    sockets = listen("localhost", 0)
    try:
        address = address_of(sockets, "localhost", None)
        assert address.port > 0
        assert {each.getsockname()[1] for each in sockets} == {address.port}
        assert address.numbers == ("127.0.0.1", "::1")[: len(sockets)]
        assert len(sockets) == 2 or not has_ipv6()
    finally:
        for each in sockets:
            each.close()


@pytest.mark.parametrize("number", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_at_either_is_taken(number):
    if number == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    with socket.create_server((number, 0), family=family) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"dashboard.port = {port}: is in use by another program; dashboard.port=0"):
            listen("localhost", port)


@pytest.mark.parametrize("host", ["192.0.2.7", "nobody.invalid", "a" * 70, "not a name"])
def test_a_host_that_is_not_of_this_machine_is_refused(host):
    with pytest.raises(BadInput, match=r"dashboard.host = .*is no address of this machine; localhost serves"):
        listen(host, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other rules about ports")
def test_a_port_of_the_administrators_is_refused():
    script = "import os; from caresim.tasks.dashboard.address import listen; listen('127.0.0.1', 0); "
    script += "os.getuid() or os.setuid(65534); listen('127.0.0.1', 1)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stderr
    assert "dashboard.port = 1: is reserved for the administrator; take one from 1024 to 65535, or 0" in told


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
