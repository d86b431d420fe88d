"""The secrets that open links and tie responses to units, as files outside the database.

They lie in one folder of their own, so that ordinary backups can leave it out and a round's key can be
destroyed for good: one file for the links, one for each round. A file is readable by its owner alone.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sloyfe.common.environment import LINK_SECRET
from sloyfe.common.errors import NotPossible

_BYTES = 32


class KeyStore:
    """The folder that holds the secrets of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def link_secret(self) -> bytes:
        """Give the secret that all links are signed with: the one that the installation was given, or
        one that is made the first time it is asked for."""
        given = LINK_SECRET.read()
        return given.encode() if given else self._made("links")

    def make_round_key(self, round_id: int) -> bytes:
        """Make a round's key when the round is opened, or give the one that is there.

        A key that has been destroyed is never made anew: its round could then be answered twice.
        Raises `NotPossible` with ``round.key_destroyed``.
        """
        if self._tombstone(round_id).exists():
            raise NotPossible("round.key_destroyed")
        return self._made(self._name(round_id))

    def round_key(self, round_id: int) -> bytes:
        """Give a round's key. Raises `NotPossible` with ``round.key_missing`` where there is none."""
        try:
            return (self.folder / self._name(round_id)).read_bytes()
        except FileNotFoundError:
            raise NotPossible("round.key_missing") from None

    def has_round_key(self, round_id: int) -> bool:
        """Tell whether responses of the round can still be tied to their units."""
        return (self.folder / self._name(round_id)).exists()

    def destroy(self, round_id: int) -> None:
        """Destroy a round's key: nobody can tie its responses to units afterwards. May be said twice.

        The file is overwritten before it is removed. Where the disk keeps old blocks (journals, flash), only
        encryption of the whole disk makes that certain.
        """
        self._ensure_folder()
        self._tombstone(round_id).touch(mode=0o600)
        path = self.folder / self._name(round_id)
        try:
            handle = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "r+b", buffering=0) as stream:
            stream.write(secrets.token_bytes(_BYTES))
            os.fsync(stream.fileno())
        path.unlink(missing_ok=True)
        self._settle_folder()

    def _name(self, round_id: int) -> str:
        return f"round-{int(round_id)}"

    def _tombstone(self, round_id: int) -> Path:
        return self.folder / f"{self._name(round_id)}.destroyed"

    def _ensure_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)

    def _settle_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _made(self, name: str) -> bytes:
        """Read a key; make it whole first where it is missing, so that no process ever sees half a key."""
        path = self.folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self._ensure_folder()
        draft = self.folder / f".{name}-{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            # A link fails where the name is taken, so of two that make a key at once the first wins.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
        self._settle_folder()
        return path.read_bytes()
