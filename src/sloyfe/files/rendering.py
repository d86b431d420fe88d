"""Documents rendered: the same blocks in every format, one at a time.

Rendering takes much memory, so one at a time on a machine, whichever process asks.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from sloyfe.render import docx, html, pdf, xlsx
from sloyfe.render.blocks import Document, Table

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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


def render_one(document: Document, name: str) -> bytes:
    """Give a document in one format."""
    with one_at_a_time():
        return FORMATS[name](document)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process or thread renders."""
    handle = os.open(folder_of_drafts() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def folder_of_drafts() -> Path:
    """Give the folder of rendered drafts, made if it is missing."""
    folder = Path(settings.DRAFTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
