"""The measure to compare with: a bare Django that reads one row, and writes it where something is posted.

No middleware, no template, no check of what was posted: what the machine, the web server, Django's
handling of a request and the database cost at the very least.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from sloyfe.common.environment import parse_database_url

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": parse_database_url(os.environ["DATABASE_URL"]).as_django()
        | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    },
    USE_TZ=True,
)
django.setup()

_PAGE = (
    "<!doctype html><title>x</title><form method=post><input name=value value='{}'></form>"
    + ("<p>" + "x" * 200 + "</p>") * 20
)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Read the row, write it where something is posted, and show it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM bench_row WHERE id = %s", [number])
        row = cursor.fetchone()
        if request.method == "POST":
            value = request.POST["value"]
            cursor.execute("UPDATE bench_row SET value = %s WHERE id = %s", [value, number])
    body = _PAGE.format(row[0]).encode()
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


urlpatterns = [path("row/<int:number>/", page)]
application = WSGIHandler()
