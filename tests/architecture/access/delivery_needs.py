from typing import Any
from uuid import UUID

from tests.architecture.rows import ROLES, SIGNED_IN, Row, everybody, only
from tests.cast import World
from tests.delivery import needing

OPEN = "any municipality says what it needs and sees its offer without signing in"
LINK = "whoever holds the link confirms or follows the need, signed in or not"
# Offices, municipality and those who read all; others read a need only when it is public.
ABOVE = ("head_office", "owner", "national_lead", "auditor")
INSIDE = (*ABOVE, "regional_office_nord", "municipality")


def _programme(world: World) -> dict[str, Any]:
    return {"programme": world.programme.slug}


def _municipality(world: World) -> dict[str, Any]:
    needing.said(world)
    return {**_programme(world), "slug": "x-x102"}


def _need(world: World) -> dict[str, Any]:
    return {**_programme(world), "need": needing.said(world).pk}


def _exempt(world: World) -> dict[str, Any]:
    need = needing.said(world)
    need.access, need.legal_ground = "exempt", "offentleglova § 13"
    need.save()
    return {**_programme(world), "need": need.pk}


def _internal(world: World) -> dict[str, Any]:
    return {**_programme(world), "need": needing.internal(needing.said(world)).pk}


def _verb(verb: str, made: Any) -> Any:
    def kwargs(world: World) -> dict[str, Any]:
        return {**_programme(world), "need": made(world).pk, "verb": verb}

    return kwargs


def _does(*roles: str) -> dict[str, int]:
    """These do it; those who read the need are told why they may not; others see nothing."""
    return only(*ROLES, status=403) | dict.fromkeys(roles, 200)


def _unconfirmed(world: World) -> dict[str, Any]:
    from sloyfe.delivery.rules.need_links import Purpose

    return {"token": needing.token(needing.written(world), Purpose.CONFIRM)}


def _followed(world: World) -> dict[str, Any]:
    from sloyfe.delivery.rules.need_links import Purpose

    return {"token": needing.token(needing.answered(world), Purpose.FOLLOW)}


def signed_in_only(table: dict[str, int]) -> dict[str, int]:
    """A visitor is led to the page where one signs in."""
    return table | {"anonymous": 302}


ROWS = [
    Row("delivery:basic_offers", everybody(200), kwargs=_programme, open_because=OPEN),
    Row("delivery:basic_offer", everybody(200), kwargs=_municipality, open_because=OPEN),
    Row("delivery:write_need", everybody(200), kwargs=_programme, open_because=OPEN),
    Row("delivery:write_need_of", everybody(200), kwargs=_municipality, open_because=OPEN),
    Row(
        "delivery:write_need",
        everybody(422),
        kwargs=_programme,
        method="post",
        data={"text": ""},
        open_because=OPEN,
    ),
    Row("delivery:need_written", everybody(200), kwargs=_programme, open_because=OPEN),
    Row("delivery:confirm_need", everybody(200), kwargs=_unconfirmed, open_because=LINK),
    Row(
        "delivery:confirm_need",
        everybody(410),
        kwargs=lambda world: {"token": "x" * 48},
        open_because=LINK,
    ),
    Row("delivery:follow_need", everybody(200), kwargs=_followed, open_because=LINK),
    Row("delivery:follow_need", everybody(404), kwargs=lambda world: {"token": "x" * 48}),
    Row(
        "delivery:follow_reopen",
        everybody(422),
        kwargs=_followed,
        method="post",
        data={"revision": "0"},
        open_because=LINK,
    ),
    Row(
        "delivery:follow_close",
        everybody(409),
        kwargs=_followed,
        method="post",
        data={"revision": "99"},
        open_because=LINK,
    ),
    Row("delivery:needs", signed_in_only(only(*ROLES)), kwargs=_programme),
    Row(
        "delivery:needs_unmet",
        signed_in_only(only(*ROLES, status=403) | dict.fromkeys(ABOVE, 200)),
        kwargs=_programme,
    ),
    Row(
        "delivery:need_new",
        signed_in_only(
            only(*ROLES, status=403)
            | dict.fromkeys(
                (
                    "municipality",
                    "municipality_in_programme",
                    "regional_office_nord",
                    "regional_office_sor",
                ),
                200,
            )
        ),
        kwargs=_programme,
    ),
    Row("delivery:need", signed_in_only(only(*ROLES)), kwargs=_need),
    Row("delivery:need", signed_in_only(only(*INSIDE)), kwargs=_exempt),
    Row(
        "delivery:need",
        signed_in_only(only(*(role for role in INSIDE if role != "municipality"))),
        kwargs=_internal,
    ),
    Row(
        "delivery:need",
        signed_in_only(dict.fromkeys(("anonymous", *SIGNED_IN), 404)),
        kwargs=lambda world: {**_programme(world), "need": UUID(int=1)},
    ),
    *(
        Row(
            "delivery:need_act",
            signed_in_only(_does(*roles)),
            kwargs=_verb(verb, made),
        )
        for verb, made, roles in (
            ("si-hvem", needing.said, ("regional_office_nord",)),
            ("svar", needing.said, ("regional_office_nord",)),
            ("svar", needing.raised, ("national_lead",)),
            ("loft", needing.said, ("regional_office_nord",)),
            ("til-eier", needing.raised, ("national_lead",)),
            ("lukk", needing.answered, ("municipality", "national_lead", "regional_office_nord")),
            ("hjalp-ikke", needing.answered, ("municipality",)),
            ("ny-lenke", needing.said, ("regional_office_nord",)),
        )
    ),
    Row(
        "delivery:need_act",
        signed_in_only(only(*ROLES, status=403) | {"regional_office_nord": 422}),
        kwargs=_verb("svar", needing.said),
        method="post",
        data={"revision": "0", "text": ""},
    ),
]
