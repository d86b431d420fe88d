"""Pages that stand outside every subject."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {
        "title": _("We cannot find that page"),
        "text": _("It may have moved, or you may have to sign in to see it."),
    }
    return render(request, "ui/not_found.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Something went wrong"),
        "text": _("The fault is ours. Try again in a little while."),
    }
    return render(request, "ui/server_error.html", context, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {
        "title": _("The page had been open too long"),
        "text": _("Go back, load the page again and send once more. Nothing has been lost."),
    }
    return render(request, "ui/not_found.html", context, status=403)
