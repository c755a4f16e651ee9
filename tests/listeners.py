"""Servers on this machine to which notices are really sent, well-behaved and not."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Web:
    """A listener for `json://`; what it does with a message it has taken is ``manner``."""

    manner: str = "takes"
    port: int = 0
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/s3cret-token?rto=0.5&cto=0.5"

    @property
    def patient_address(self) -> str:
        return f"json://127.0.0.1:{self.port}/s3cret-token?rto=60"


@dataclass
class Post:
    """A mail server; ``manner`` is how it answers the mail itself."""

    manner: str = "takes"
    port: int = 0
    taken: list[Message] = field(default_factory=list)

    @property
    def address(self) -> str:
        people = "from=tracker@example.org&to=leads@example.org"
        return f"mailto://127.0.0.1:{self.port}?{people}&mode=insecure&cto=1"


@contextmanager
def web(manner: str = "takes") -> Iterator[Web]:
    listener = Web(manner)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.taken.append(json.loads(body))
            if listener.manner == "dies":
                self.close_connection = True
                self.connection.close()
                return
            if listener.manner == "is slow":
                time.sleep(1.5)
            if listener.manner == "holds":
                listener.release.wait(60)
            status = int(listener.manner) if listener.manner.isdigit() else 200
            self.send_response(status)
            if listener.manner.startswith("3"):
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            listener.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its name there
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of connections that were closed on purpose."""

    with _serving(Quiet(("127.0.0.1", 0), Handler)) as port:
        listener.port = port
        yield listener
        listener.release.set()


class Clerk(socketserver.StreamRequestHandler):
    """One connection with a mail server."""

    office: Post

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        for line in iter(self.rfile.readline, b""):
            verb = line[:4].upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"DATA" and self.is_left_after_data():
                return
            if verb == b"RCPT" and self.office.manner == "refuses":
                self.say("550 nobody of that name, s3cret-token")
            elif verb != b"DATA":
                self.say("250 yes")

    def is_left_after_data(self) -> bool:
        """Take a mail; return whether the connection breaks then."""
        self.say("354 go on")
        lines = [line.removeprefix(b".") for line in iter(self.rfile.readline, b".\r\n")]
        self.office.taken.append(message_from_bytes(b"".join(lines)))
        if self.office.manner == "dies":
            return True
        if self.office.manner == "is slow":
            time.sleep(2.5)
        self.say("250 taken")
        return False


class Counter(socketserver.ThreadingTCPServer):
    """A mail server that says nothing of clients that no longer wait."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def post(manner: str = "takes") -> Iterator[Post]:
    found = Post(manner)
    clerk = type("OurClerk", (Clerk,), {"office": found})
    with _serving(Counter(("127.0.0.1", 0), clerk)) as port:
        found.port = port
        yield found


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def nobody() -> Iterator[int]:
    """A port at which nobody listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port = int(server.server_address[1])
    yield port
