"""What goes wrong with the embedded server, told so that the reader knows what to do next."""

from __future__ import annotations


class DatabaseProblem(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do."""


class AlreadyRunning(DatabaseProblem):
    """Somebody else has started this cluster and it is still up."""
