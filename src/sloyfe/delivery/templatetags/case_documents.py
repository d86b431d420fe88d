"""What a page shows of any case document: who may read it, on what ground, its place in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from sloyfe.delivery.permissions.documents import may_set_access
from sloyfe.delivery.queries.documents import AnyDocument, is_settled, kind_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.texts.documents import (
    ACCESS_COLOR,
    ACCESS_MEANS,
    ACCESS_TEXT,
    NOT_SETTLED_MEANS,
)

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """A document's access in words. `change_url` is "" for those who may not change it."""

    access: str | Promise
    means: str | Promise
    color: str
    change_url: str
    archive_url: str


@register.simple_tag(takes_context=True)
def case_document(context: dict[str, Any], document: AnyDocument) -> Shown:
    """Give what the page shows of a document's access. The rights of the reader are remembered, so no
    query more than the page's own."""
    request = context.get("request")
    person = getattr(request, "user", AnonymousUser())
    args = [kind_of(document).value, document.pk]
    change = ""
    if may_set_access(person, document, timezone.localdate()):
        back = urlencode({"back": request.path}) if request is not None else ""
        change = f"{reverse('delivery:document_access', args=args)}?{back}"
    access = Access(document.access)
    settled = is_settled(document)
    return Shown(
        access=ACCESS_TEXT[access],
        means=ACCESS_MEANS[access] if settled else NOT_SETTLED_MEANS,
        color=ACCESS_COLOR[access],
        change_url=change,
        archive_url=reverse("delivery:document_archive", args=args) if settled else "",
    )
