from typing import Any

from sloyfe.delivery.queries.descriptions import chapters_now
from sloyfe.programme.actions.descriptions import publish_version
from sloyfe.programme.models import Statement
from sloyfe.programme.rules.descriptions import Audience, content_hash
from tests.architecture.rows import ROLES, Row, only
from tests.cast import NOW, TODAY, World

# The programme of the cast is an exercise, so the description too is for those who take part.
INSIDE = (
    "head_office",
    "owner",
    "national_lead",
    "regional_office_nord",
    "regional_office_sor",
    "auditor",
)
AUDIENCES = {"beskrivelse": Audience.EXTERNAL, "veileder": Audience.INTERNAL}


def _two(world: World, which: str) -> dict[str, Any]:
    """Two published versions of a description."""
    for number in (1, 2):
        Statement.objects.create(
            programme=world.programme,
            kind="goal",
            code=f"m{number}",
            position=number,
            text={"nb": f"Mål {number}"},
        )
        chapters = chapters_now(world.programme, AUDIENCES[which], TODAY)
        publish_version(
            programme=world.programme,
            audience=AUDIENCES[which],
            chapters=chapters,
            note="Et nytt mål.",
            looked_at=content_hash(chapters),
            actor=world.person("national_lead"),
            now=NOW,
        )
    return {"slug": world.programme.slug, "audience": which}


def _rows(which: str, readers: tuple[str, ...]) -> list[Row]:
    def place(world: World) -> dict[str, Any]:
        return {"slug": world.programme.slug, "audience": which}

    def version(**more: Any) -> Any:
        return lambda world: {**_two(world, which), "number": 2, **more}

    writes = only(*readers, status=403) | {"national_lead": 200}
    return [
        Row("delivery:description", only(*readers), kwargs=place),
        Row("delivery:description_version", only(*readers), kwargs=version()),
        Row("delivery:description_since", only(*INSIDE), kwargs=version()),
        Row("delivery:description_changes", only(*readers), kwargs=version()),
        Row("delivery:description_file", only(*readers), kwargs=version(name="docx")),
        Row("delivery:description_write", writes, kwargs=place),
        Row("delivery:description_publish", writes, kwargs=place),
        Row(
            "delivery:description_publish",
            only(*readers, status=403) | {"national_lead": 422},
            kwargs=place,
            method="post",
            data={"note": ""},
        ),
    ]


ROWS = [*_rows("beskrivelse", ROLES), *_rows("veileder", INSIDE)]
