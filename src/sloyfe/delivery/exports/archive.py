"""The archive: one folder per document with PDF/A and its description, as a ZIP or in a folder on disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from sloyfe.delivery.exports.documents import Filed, filed
from sloyfe.delivery.queries.documents import AnyDocument, AnyPaper

# No clock in the archive: the same documents give the same file.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
PDF_NAME, DESCRIPTION_NAME = "dokument.pdf", "beskrivelse.json"


def archive_zip(documents: Iterable[AnyDocument | AnyPaper]) -> bytes:
    """Give documents as one ZIP with a folder for each."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in documents:
            for name, content in _files(filed(document)):
                entry = zipfile.ZipInfo(name, _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
    return buffer.getvalue()


def archive_folder(documents: Iterable[AnyDocument | AnyPaper], out: Path) -> int:
    """Write documents into a folder, one folder for each; what is there already is written anew.

    Gives how many documents there were. Memory holds one of them at a time.
    """
    count = 0
    for document in documents:
        for name, content in _files(filed(document)):
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(content)
        count += 1
    return count


def _files(one: Filed) -> tuple[tuple[str, bytes], ...]:
    return (
        (f"{one.folder}/{PDF_NAME}", one.pdf),
        (f"{one.folder}/{DESCRIPTION_NAME}", one.description),
    )
