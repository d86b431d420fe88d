"""Respondents without a browser: they read the pages and post the forms, over real HTTP.

Written with sockets, so that fifty of them cost little beside the server that they try. Each keeps its
connection as a browser does. `patient` ones come back when the server is gone or says 5xx.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

REVISION = b'name="svar-revisjon" value="'
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    location: str
    body: bytes

    @property
    def revision(self) -> str:
        """The revision number that the page's form holds."""
        at = self.body.index(REVISION) + len(REVISION)
        return self.body[at : self.body.index(b'"', at)].decode()


class Gone(Exception):
    """The server did not answer, or not whole."""


class Browser:
    """One kept connection to 127.0.0.1."""

    def __init__(self, port: int, *, seconds: float = 20) -> None:
        self.port = port
        self.seconds = seconds
        self._socket: socket.socket | None = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def get(self, path: str) -> Answer:
        return self._ask(
            b"GET %b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (path.encode(), self.port)
        )

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {FORM}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body)

    def _ask(self, request: bytes) -> Answer:
        try:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self.port), self.seconds)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            return self._read(self._socket)
        except (OSError, Gone) as trouble:
            self.close()
            raise Gone(str(trouble)) from trouble

    def _read(self, connection: socket.socket) -> Answer:
        known = b""
        while (end := known.find(b"\r\n\r\n")) < 0:
            more = connection.recv(65536)
            if not more:
                raise Gone("closed")
            known += more
        status = int(known[9:12])
        headers = dict(
            line.lower().split(b": ", 1)
            if line[:9].lower() != b"location:"
            else (b"location", line[10:])
            for line in known[:end].split(b"\r\n")[1:]
        )
        parts = [known[end + 4 :]]
        if b"content-length" not in headers:
            raise Gone("an answer of unknown length")
        left = int(headers[b"content-length"]) - len(parts[0])
        while left > 0:
            more = connection.recv(65536)
            if not more:
                raise Gone("cut off")
            parts.append(more)
            left -= len(more)
        if headers.get(b"connection") == b"close":
            self.close()
        return Answer(status, headers.get(b"location", b"").decode(), b"".join(parts))


@dataclass
class Respondent:
    """Somebody who answers a questionnaire by a link, page by page, and sends it.

    `pages` holds what is answered on each page. `seen` is told of each request: kind, seconds.
    """

    browser: Browser
    link: str
    pages: Sequence[tuple[str, Mapping[str, str]]]
    patient: bool = False
    seen: Callable[[str, float], None] | None = None
    acknowledged: dict[str, str] = field(default_factory=dict)
    is_sent: bool = False
    retries: int = 0

    def answer_all(self) -> bytes:
        """Open the link, answer every page, look over, send; gives the receipt's page."""
        try:
            self._get("start", self.link)
            for code, fields in self.pages:
                self.answer(code, fields)
            return self.send()
        finally:
            self.browser.close()

    def answer(self, code: str, fields: Mapping[str, str]) -> None:
        path = f"{self.link}{code}/"
        page = self._get("page", path)
        answer = self._post("save", path, {**fields, "svar-revisjon": page.revision})
        assert answer.status in (302, 303), (code, answer.status, answer.body[-2000:])
        self.acknowledged.update(fields)

    def send(self) -> bytes:
        """Look over what has been answered and send it; gives the receipt's page."""
        checked = self._get("check", f"{self.link}ferdig/se-over/")
        # Sent already, where the acknowledgement of an earlier try was lost.
        if checked.status == 200:
            fields = {"svar-revisjon": checked.revision}
            sent = self._post("send", f"{self.link}ferdig/send-inn/", fields)
            assert sent.status in (302, 303), (sent.status, sent.body[-2000:])
        self.is_sent = True
        receipt = self._get("receipt", f"{self.link}ferdig/kvittering/")
        assert receipt.status == 200, receipt.status
        return receipt.body

    def _get(self, kind: str, path: str) -> Answer:
        return self._timed(kind, lambda: self.browser.get(path))

    def _post(self, kind: str, path: str, fields: Mapping[str, str]) -> Answer:
        return self._timed(kind, lambda: self.browser.post(path, fields))

    def _timed(self, kind: str, ask: Callable[[], Answer]) -> Answer:
        while True:
            began = time.perf_counter()
            try:
                answer = ask()
                if answer.status < 500:
                    if self.seen is not None:
                        self.seen(kind, time.perf_counter() - began)
                    return answer
                trouble = f"{kind}: status {answer.status}"
            except Gone as gone:
                trouble = f"{kind}: {gone}"
            if not self.patient:
                raise AssertionError(trouble)
            self.retries += 1
            time.sleep(0.1)
