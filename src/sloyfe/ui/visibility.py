"""The one way in which a view fetches something private: strangers get 404, as if it did not exist."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)


class VisibleQuerySet(Protocol[M_co]):
    """A queryset that knows what a person may see."""

    def visible_to(self, person: Any) -> QuerySet[Any]: ...


def get_visible_or_404(rows: VisibleQuerySet[M], person: Any, **lookup: Any) -> M:
    """Give the one row that the person may see and the lookup names, or answer 404."""
    try:
        row: M = rows.visible_to(person).get(**lookup)
    except (rows.model.DoesNotExist, ValueError, TypeError) as missing:  # type: ignore[attr-defined]
        raise Http404 from missing
    return row
