"""Count the statements that each kind of page sends to the database.

Run with the settings of an installation and one link that nobody has used; prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from bench.questionnaire import answers

    settings.ALLOWED_HOSTS = ["*"]
    link = sys.argv[1]
    client = Client()
    counts: dict[str, int] = {}
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    def count(kind: str, ask: Callable[[], Any]) -> Any:
        sent.clear()
        answer = ask()
        assert answer.status_code in (200, 302), (kind, answer.status_code)
        counts[kind] = max(counts.get(kind, 0), len(sent))
        return answer

    client.get(link)  # what a process reads once and keeps is not counted
    with connection.execute_wrapper(note):
        count("start", lambda: client.get(link))
        for revision, (code, fields) in enumerate(answers(1)):
            data = {**fields, "svar-revisjon": str(revision)}
            path = f"{link}{code}/"
            count("page", lambda path=path: client.get(path))
            kind = "save" if revision else "save (first)"
            count(kind, lambda path=path, data=data: client.post(path, data))
        count("check", lambda: client.get(f"{link}ferdig/se-over/"))
        last = {"svar-revisjon": str(len(answers(1)))}
        count("send", lambda: client.post(f"{link}ferdig/send-inn/", last))
        count("receipt", lambda: client.get(f"{link}ferdig/kvittering/"))
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
