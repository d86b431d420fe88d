"""A draft as a file: rendered once for each content and kept. (What is published is stored for good.)"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from pathlib import Path

from sloyfe.files.rendering import FORMATS, folder_of_drafts, one_at_a_time
from sloyfe.reports.models import Report
from sloyfe.reports.queries.documents import document_of

# How many rendered drafts are kept; the oldest go first.
KEPT = 60


def draft_file(report: Report, name: str, *, day: dt.date) -> bytes:
    """Give a draft as a file as it stands now; equal content is rendered once."""
    document = document_of(report, day=day)
    # The document holds all that is shown, so its fingerprint is that of the file.
    fingerprint = hashlib.sha256(f"{name} {document!r}".encode()).hexdigest()
    path = folder_of_drafts() / f"{fingerprint}.{name}"
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


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _drop_oldest() -> None:
    files = [path for path in folder_of_drafts().iterdir() if path.suffix]
    for path in sorted(files, key=lambda each: each.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)
