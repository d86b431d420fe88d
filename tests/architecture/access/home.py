from typing import Any

from tests.architecture.rows import ANONYMOUS, ROLES, SIGNED_IN, Row, everybody, only
from tests.cast import World

ABOUT = "it tells of Sløyfe, not of anybody's programme"


def _programme(world: World) -> dict[str, Any]:
    return {"slug": world.programme.slug}


def _thing(world: World) -> dict[str, Any]:
    return {"kind": "programme.programme", "key": str(world.programme.pk)}


def _real_programme(world: World) -> dict[str, Any]:
    world.programme.is_simulated = False
    world.programme.save()
    return {"slug": world.programme.slug}


READERS = ("owner", "national_lead", "auditor")

ROWS = [
    Row("home:start", everybody(200), open_because=ABOUT),
    Row("home:me", only(*SIGNED_IN, anonymous=302), open_because="it tells only of the reader"),
    Row("home:programme", only(*ROLES), kwargs=_programme),
    Row(
        "home:programme",
        everybody(200),
        kwargs=_real_programme,
        open_because="a real programme is public",
    ),
    Row(
        "home:history",
        only(*READERS, others=403, anonymous=302),
        open_because="that there is a history is no secret, and 403 says who reads it",
    ),
    Row(
        "home:thing",
        only(*READERS, others=403, anonymous=302),
        kwargs=_thing,
        open_because="refused before anything is looked up",
    ),
    Row("home:accessibility", everybody(200), open_because=ABOUT),
    Row("home:privacy", everybody(200), open_because=ABOUT),
    Row("home:feedback", everybody(200), open_because=ABOUT),
    Row(
        "home:feedback",
        everybody(422),
        method="post",
        data={"text": ""},
        open_because="everybody may say what does not work",
    ),
    Row(
        "home:thing",
        only(*READERS, status=404, others=403) | {ANONYMOUS: 302},
        kwargs=lambda world: {"kind": "fieldwork.contact", "key": "1"},
        open_because="refused before anything is looked up",
    ),
]
