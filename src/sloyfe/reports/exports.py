"""A report as a file. A draft is rendered once for each content and kept; the published one is stored for good.

Rendering takes much memory, so one at a time on a machine, whichever process asks.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from sloyfe.render import docx, html, pdf, xlsx
from sloyfe.render.blocks import Document, Table
from sloyfe.reports.models import Report
from sloyfe.reports.queries.documents import document_of

# How many rendered drafts are kept; the oldest go first.
KEPT = 60


def tables_of(document: Document) -> list[Table]:
    """Give every table of a report, those behind the charts too, in order."""
    found = []
    for block in document.blocks:
        table = block if isinstance(block, Table) else getattr(block, "data", None)
        if isinstance(table, Table):
            found.append(table)
    return found


FORMATS: dict[str, Callable[[Document], bytes]] = {
    "html": lambda document: html.render(document).encode(),
    "pdf": pdf.render,
    "docx": docx.render,
    "xlsx": lambda document: xlsx.render(tables_of(document), document.language),
}


def render_all(document: Document) -> dict[str, bytes]:
    """Give a document in every format."""
    with one_at_a_time():
        return {name: make(document) for name, make in FORMATS.items()}


def draft_file(report: Report, name: str, *, day: dt.date) -> bytes:
    """Give a draft as a file as it stands now; equal content is rendered once."""
    document = document_of(report, day=day)
    # The document holds all that is shown, so its fingerprint is that of the file.
    fingerprint = hashlib.sha256(f"{name} {document!r}".encode()).hexdigest()
    path = _folder() / f"{fingerprint}.{name}"
    if (kept := _read(path)) is not None:
        return kept
    with one_at_a_time():
        if (kept := _read(path)) is not None:
            return kept
        content = FORMATS[name](document)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        beside.write_bytes(content)
        beside.replace(path)
        _drop_oldest()
    return content


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process or thread renders."""
    handle = os.open(_folder() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _folder() -> Path:
    folder = Path(settings.DRAFTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _drop_oldest() -> None:
    files = [path for path in _folder().iterdir() if path.suffix]
    for path in sorted(files, key=lambda each: each.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)
