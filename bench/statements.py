"""Count the statements that each kind of page sends to the database.

Run with the settings of an installation and links that nobody has used; prints JSON about the last one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from bench.questionnaire import answers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
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

    with connection.execute_wrapper(note):
        for link in sys.argv[1:]:  # what a process reads or prepares once is not counted
            counts.clear()
            _answer_all(client, link, count)
    sys.stdout.write(json.dumps(counts))


def _answer_all(client: Any, link: str, count: Callable[..., Any]) -> None:
    count("start", lambda: client.get(link))
    pages = answers(1)
    for revision, (code, fields) in enumerate(pages):
        data = {**fields, "svar-revisjon": str(revision)}
        path = f"{link}{code}/"
        count("page", lambda path=path: client.get(path))
        kind = "save" if revision else "save (first)"
        count(kind, lambda path=path, data=data: client.post(path, data))
    count("check", lambda: client.get(f"{link}ferdig/se-over/"))
    last = {"svar-revisjon": str(len(pages))}
    count("send", lambda: client.post(f"{link}ferdig/send-inn/", last))
    count("receipt", lambda: client.get(f"{link}ferdig/kvittering/"))


if __name__ == "__main__":
    main()
