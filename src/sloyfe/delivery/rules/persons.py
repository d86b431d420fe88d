"""The free text of a case document says nothing of one person: what is refused, wherever it is written."""

from __future__ import annotations

from sloyfe.common.errors import NotPossible
from sloyfe.common.persons import birth_number_line


def check_no_birth_number(*texts: tuple[object, str]) -> None:
    """Refuse a birth number in any of some texts, each with the name of its field. Says where, never which."""
    for field, text in texts:
        line = birth_number_line(text)
        if line is not None:
            raise NotPossible("delivery.birth_number", field=field, line=line)
