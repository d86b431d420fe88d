"""Log lines as JSON: an event and its keys. Never an answer, a name, an address or a path."""

from __future__ import annotations

import json
import logging


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
