"""The WSGI entry point that granian serves."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")

_django = get_wsgi_application()
_log = logging.getLogger("sloyfe.web")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; what Django itself cannot answer is logged without values.

    The server would print the whole traceback of an exception that escapes, and messages of
    exceptions quote what people have written.
    """
    try:
        return _django(environ, start_response)
    except Exception:
        _log.exception("request.broken")
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return ["Noe gikk galt hos oss. Prøv igjen om litt.\n".encode()]
