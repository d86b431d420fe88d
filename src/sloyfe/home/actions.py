"""What the joining pages do themselves."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from sloyfe.common.errors import NotPossible

FEEDBACK_PER_HOUR = 5


def send_feedback(*, text: str, reply_to: str, client: str) -> None:
    """Send what somebody says does not work to those who run this installation; nothing is stored."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}feedback{client}".encode()).hexdigest()
    key = f"feedback:{digest}"
    cache.add(key, 0, timeout=3600)
    try:
        count = cache.incr(key)
    except ValueError:  # it expired between the two lines
        count = 1
    if count > FEEDBACK_PER_HOUR:
        raise NotPossible("home.feedback.too_many")
    EmailMessage(
        subject=_("Feedback on Sløyfe"),
        body=text,
        to=[settings.FEEDBACK_TO],
        reply_to=[reply_to] if reply_to else None,
    ).send()
