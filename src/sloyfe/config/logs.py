"""Log lines as JSON: an event and its keys. Never an answer, a name, an address or a path."""

from __future__ import annotations

import json
import logging
import sys
from typing import TextIO


class JsonLines(logging.Formatter):
    """One JSON object per line; an exception is told by its type and place, not by its message.

    Messages of database and form errors quote values, so the text of an exception stays out.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            places = []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(
                    f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}"
                )
                trace = trace.tb_next
            line["trace"] = places[-12:]
        for key in ("error_id", "route"):
            if value := getattr(record, key, ""):
                line[key] = value
        return json.dumps(line, ensure_ascii=False)


class StandardError(logging.Handler):
    """Writes each line to standard error as that stands when the line is written.

    A line that cannot be written or made is told by the type of the fault alone. The library's own way,
    `logging.Handler.handleError`, prints the whole exception being logged, and with it what somebody wrote.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        stream: TextIO = sys.stderr
        try:
            stream.write(self.format(record) + "\n")
            stream.flush()
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
        """Say that a line was lost, and from which logger; nothing where that cannot be said either."""
        fault = sys.exc_info()[0]
        lost = {
            "level": "ERROR",
            "logger": record.name,
            "event": "line lost",
            "error": fault.__name__ if fault else "",
        }
        try:
            sys.stderr.write(json.dumps(lost) + "\n")
        except (OSError, ValueError, AttributeError):
            return
