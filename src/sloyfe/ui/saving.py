"""What a page that saves itself while somebody writes is told: `instruments/saving.js` shows it in words.

Such a page posts itself to its own address. The header tells that post from one that a person sends, and the
answer is JSON instead of a page. The words never hold more of what was written than a page with an error would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _


def asks_for_words(request: HttpRequest) -> bool:
    """Tell whether the page's own script asks, which shows a sentence instead of a page."""
    return request.method == "POST" and request.headers.get("X-Requested-With") == "fetch"


def saved_words(
    *,
    revision: int,
    hidden: Iterable[str],
    now: dt.datetime,
    wrong: Iterable[str] = (),
    why: str = "",
) -> JsonResponse:
    """Say that a page is saved, and what is not where something in it is `wrong`; `why` is the sentence."""
    slots = {"time": f"{timezone.localtime(now):%H.%M}", "why": why}
    text = _("Saved %(time)s, but not everything. %(why)s") if why else _("Saved %(time)s")
    return JsonResponse(
        {
            "saved": True,
            "revision": revision,
            "text": text % slots,
            "hidden": list(hidden),
            "wrong": list(wrong),
        }
    )


def unsaved_words(why: str, *, status: int, wrong: Iterable[str] = ()) -> JsonResponse:
    """Say why nothing is saved, and what is `wrong` in it where that is why."""
    text = _("Not saved. %(why)s") % {"why": why}
    return JsonResponse({"saved": False, "text": text, "wrong": list(wrong)}, status=status)
