"""Tags by which pages on municipalities lead to the basic offer.

They stand here and not in `organisations`, since an organisation knows nothing of programmes.
"""

from __future__ import annotations

from django import template

from sloyfe.delivery.queries.basic_offer import programmes_of
from sloyfe.organisations.rules import Register
from sloyfe.programme.models import Programme

register = template.Library()


@register.simple_tag
def programmes_for(place: str) -> list[Programme]:
    """Give the programmes whose basic offer the municipalities of a register have."""
    return programmes_of(Register(place))
