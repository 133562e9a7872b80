"""A window of the live view without a browser: bytes on a socket, which can also be wrong, or stop."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct

from tests.support.waiting import PATIENCE_S

START = [
    ("comm_open", {"comm_id": "c", "target_name": "solara.control", "data": {}}),
    ("comm_msg", {"comm_id": "c", "data": {"method": "run", "args": {"path": "/", "appName": None}}}),
]
"""What the page says first: everything that it shows is made and sent."""


class RawWindow:
    """A connection to the server at `port` of this machine. `answer` is the first line of what it said."""

    def __init__(self, port: int, host: str = "", origin: str = "") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        name = base64.b16encode(os.urandom(8)).decode("ascii")
        lines = [
            f"GET /jupyter/api/kernels/{name}/channels?session_id={name} HTTP/1.1",
            f"Host: {host or f'127.0.0.1:{port}'}",
            *([f"Origin: {origin}"] if origin else []),
            *("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode('ascii')}",
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        got = b""
        while b"\r\n\r\n" not in got and (part := self.socket.recv(4096)):
            got += part
        self.answer = got.partition(b"\r\n")[0].decode("ascii")

    def start(self) -> None:
        """Have the page made, as a browser does."""
        for kind, content in START:
            self.say(kind, content)

    def say(self, kind: str, content: dict) -> None:
        """A message as the page sends it."""
        header = {"msg_id": "m", "msg_type": kind, "session": "s", "username": "", "version": "5.2"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self.send(json.dumps(message | {"buffers": []}).encode())

    def send(self, payload: bytes) -> None:
        """A frame of text."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 127]) + struct.pack(">Q", size)
        self.socket.sendall(b"\x81" + length + bytes(4) + payload)  # masked with zeros

    def is_ended(self) -> bool:
        """Reads until the server takes its leave, which it does by a frame of that kind, or by closing."""
        got = b""
        while part := self.socket.recv(65536):
            got = (got + part)[-200:]
            if b"\x88" in got:
                return True
        return True

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Drop the connection without a word, as when a machine is switched off."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
