"""Where the live view is served: the sockets on which it listens, and the names that mean it."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from caresim.config.errors import BadInput

LOCALHOST = "localhost"
LOOPBACK = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
"""What `localhost` stands for, whatever this machine's list of hosts says."""
SEEN_FROM_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Every address of this machine, and where a browser on this machine finds it."""
WITHOUT_IPV6 = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL, errno.EPROTONOSUPPORT}
"""What a machine without IPv6 says when it is asked for ::1."""
NOT_OURS = (
    "is no address of this machine; localhost serves this machine alone, 0.0.0.0 everybody who can reach this machine"
)
TRIES = 20
"""How many free ports of 127.0.0.1 are tried until one is free at ::1, too."""


@dataclass(frozen=True)
class Proxy:
    """The address at which a proxy shows the view, in parts: `https://hub.example`, `hub.example`, `/proxy/8765`."""

    origin: str
    name: str
    path: str


@dataclass(frozen=True)
class Address:
    """Where the view listens, and the proxy that passes on what is sent to it, if there is one."""

    host: str
    numbers: tuple[str, ...]
    port: int
    proxy: Proxy | None = None

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        number = SEEN_FROM_HERE.get(self.numbers[0], self.numbers[0])
        return f"http://{f'[{number}]' if ':' in number else number}:{self.port}"

    @property
    def shown(self) -> str:
        """What to open where there is a proxy, too."""
        return f"{self.proxy.origin}{self.proxy.path}/" if self.proxy else self.url

    @property
    def is_local(self) -> bool:
        """Can only this machine reach it?"""
        return all(ipaddress.ip_address(number).is_loopback for number in self.numbers)

    def is_own(self, name: str) -> bool:
        """Does a name mean this server? A name that anybody could point at this machine does not."""
        if name in {self.host.lower(), *self.numbers} or (self.proxy and name == self.proxy.name):
            return True
        everywhere = not SEEN_FROM_HERE.keys().isdisjoint(self.numbers)
        if everywhere and is_number(name):
            return True  # a number is looked up nowhere, so nobody can point it at another machine
        return (everywhere or self.is_local) and name in {LOCALHOST, *LOOPBACK}

    def answers_to(self, host: str) -> bool:
        """Is a request with this header `Host` meant for this server? Any port will do: a tunnel has its own."""
        parts = split(f"//{host}")
        return parts is not None and parts.netloc == host and bool(parts.hostname) and self.is_own(parts.hostname or "")

    def trusts(self, origin: str, host: str) -> bool:
        """May a page from `origin` use what it finds at `host`? Only a page that this server sent."""
        return origin.lower() in {f"http://{host.lower()}", self.proxy and self.proxy.origin}


def is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def split(url: str) -> SplitResult | None:
    """The parts of an address; None where it has a port that is none, or brackets that do not match."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return None if "@" in parts.netloc else parts


def proxy_of(url: str | None) -> Proxy | None:
    """BadInput where a proxy's address is none."""
    if url is None:
        return None
    parts = split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        allowed = "must be the address that the browser shows, such as https://hub.example/user/me/proxy/8765/"
        raise BadInput("dashboard.proxy", url, allowed)
    return Proxy(f"{parts.scheme}://{parts.netloc}".lower(), parts.hostname, parts.path.rstrip("/"))


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at `host`; port 0 takes one that is free. BadInput where that cannot be."""
    if host == LOCALHOST:
        return both(port)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise BadInput("dashboard.host", host, NOT_OURS) from None
    family, _, _, _, address = found[0]
    try:
        return [socket.create_server(address[:2], family=family)]
    except OSError as problem:
        raise refused(problem, host, port) from None


def both(port: int) -> list[socket.socket]:
    """127.0.0.1 and ::1 at one port, so that whoever asks for `localhost` meets nobody else there."""
    for _ in range(TRIES if port == 0 else 1):
        made: list[socket.socket] = []
        try:
            for address, family in LOOPBACK.items():
                number = made[0].getsockname()[1] if made else port
                made.append(socket.create_server((address, number), family=family))
        except OSError as problem:
            if made and problem.errno in WITHOUT_IPV6:
                return made
            for each in made:
                each.close()
            if port or problem.errno != errno.EADDRINUSE:
                raise refused(problem, LOCALHOST, port) from None
            continue
        return made
    raise BadInput("dashboard.port", port, "finds no port that is free at both 127.0.0.1 and ::1")


def refused(problem: OSError, host: str, port: int) -> BadInput:
    """Why a port could not be had, and what to type instead."""
    if problem.errno == errno.EADDRNOTAVAIL:
        return BadInput("dashboard.host", host, NOT_OURS)
    if problem.errno == errno.EADDRINUSE:
        return BadInput("dashboard.port", port, "is in use by another program; dashboard.port=0 takes any that is free")
    if problem.errno == errno.EACCES:
        allowed = "is reserved for the administrator; take one from 1024 to 65535, or 0 for any that is free"
        return BadInput("dashboard.port", port, allowed)
    reason = os.strerror(problem.errno) if problem.errno else str(problem)
    return BadInput("dashboard.port", port, f"cannot be had at {host} ({reason}); 0 takes any that is free")


def address_of(sockets: Sequence[socket.socket], host: str, proxy: Proxy | None) -> Address:
    """Where these sockets listen."""
    places = [each.getsockname() for each in sockets]
    return Address(host, tuple(place[0] for place in places), places[0][1], proxy)
