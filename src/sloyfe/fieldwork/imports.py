"""Reading a file of contacts: every row is checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from sloyfe.common.errors import InputProblem, NotPossible, Problem
from sloyfe.common.tables import Column, read_table
from sloyfe.fieldwork.models import FrameUnit, Round
from sloyfe.fieldwork.rules.contacts import ContactRow

COLUMNS = (
    Column("kommunenummer", ("kommunenr", "nummer", "code")),
    Column("navn", ("name", "kontaktperson"), required=False),
    Column("epost", ("e-post", "email", "e-mail")),
    Column("rolle", ("role", "stilling"), required=False),
)


def frame_units(round_: Round) -> dict[str, int]:
    """Give the municipality number of everybody who can be asked → its organisation.

    Of the whole frame and not only of those drawn, so that a file which is taken in or refused tells
    nobody who was drawn. Raises NotPossible while there is no frame.
    """
    pairs = FrameUnit.objects.filter(population__round=round_).values_list(
        "organisation__periods__code", "organisation_id"
    )
    found = {code: organisation for code, organisation in pairs if code}
    if not found:
        raise NotPossible("fieldwork.no_frame_for_contacts")
    return found


def read_contacts(data: bytes, filename: str, units: Mapping[str, int]) -> list[ContactRow]:
    """Read contacts from CSV or XLSX. Raises InputProblem with every wrong row, its column and value."""
    problems: list[Problem] = []
    found: dict[int, ContactRow] = {}

    def wrong(code: str, message: str, row: int, column: str, value: str) -> None:
        problems.append(Problem(code, message, filename, row, column, value[:80]))

    for row in read_table(data, filename, COLUMNS):
        number = row.number
        code, email = row["kommunenummer"].strip(), row["epost"].strip().lower()
        organisation = units.get(code) or units.get(code.zfill(4))
        if organisation is None:
            wrong(
                "contact.unknown_unit",
                _("No municipality that can be asked has the number %(code)s.")
                % {"code": code or "–"},
                number,
                "kommunenummer",
                code,
            )
            continue
        try:
            validate_email(email)
        except ValidationError:
            wrong(
                "contact.email",
                _("%(email)s is not an e-mail address.") % {"email": email[:80] or "–"},
                number,
                "epost",
                email,
            )
            continue
        if organisation in found:
            wrong(
                "contact.twice",
                _("The municipality stands twice in the file. Keep one row."),
                number,
                "kommunenummer",
                code,
            )
            continue
        name, role = row["navn"].strip(), row["rolle"].strip()
        if len(name) > 200 or len(role) > 120 or len(email) > 254:
            wrong("contact.too_long", _("The text is too long."), number, "navn", name)
            continue
        found[organisation] = ContactRow(organisation, name, email, role)
    if not problems and not found:
        problems.append(Problem("contact.none", _("The file holds no contacts."), filename))
    if problems:
        raise InputProblem(problems)
    return list(found.values())
