from typing import Any

from django.utils import timezone

from sloyfe.comments.models import Comment
from sloyfe.delivery.actions import agreements, meetings, plans
from sloyfe.delivery.models import Agreement, Measure
from sloyfe.delivery.rules.agreements import EndKind
from tests.architecture.rows import ROLES, Row, only
from tests.cast import NOW, World
from tests.delivery import ladder

OFFICE = "regional_office_nord"
OWN = "municipality"  # works in the municipality that the pages are about
ABOVE = ("head_office", "owner", "national_lead", "auditor")


def _at(world: World, **more: Any) -> dict[str, Any]:
    return {
        "programme": world.programme.slug,
        "municipality": world.municipalities[ladder.OWN].slug,
        **more,
    }


def _draft(world: World) -> dict[str, Any]:
    return _at(world, pk=ladder.drafted(world).pk)


def _proposed(world: World) -> dict[str, Any]:
    return _at(world, pk=ladder.proposed(world).pk)


def _to_confirm(world: World) -> dict[str, Any]:
    agreement = ladder.proposed(world)
    # Another revision than the one that stands, so that nobody's press changes what the next one meets.
    return _at(world, pk=agreement.pk, revision=agreement.revision + 7)


def _in_force(world: World) -> dict[str, Any]:
    return _at(world, pk=ladder.in_force(world).pk)


def _ended(world: World) -> dict[str, Any]:
    agreement = ladder.in_force(world, valid_from=NOW.date().replace(year=2025))
    agreements.end_agreement(
        agreement=agreement,
        kind=EndKind.ROTATED,
        reason="Plassen går videre.",
        ended_on=NOW.date(),
        actor=None,
        now=NOW,
    )
    return _at(world, pk=agreement.pk)


def _exempt(world: World) -> dict[str, Any]:
    found = _in_force(world)
    Agreement.objects.update(access="exempt", legal_ground="offl. § 13")
    return found


def _internal(world: World) -> dict[str, Any]:
    found = _in_force(world)
    Agreement.objects.update(access="internal", legal_ground="offl. § 14")
    return found


def _plan(world: World) -> dict[str, Any]:
    return _at(world, year=ladder.plan(world).year)


def _to_adopt(world: World) -> dict[str, Any]:
    plan = ladder.plan(world)
    ladder.measure(world, plan)
    plan.refresh_from_db()
    return _at(world, year=plan.year, revision=plan.revision + 7)


def _adopted(world: World) -> dict[str, Any]:
    return _at(world, year=ladder.adopted(world).year)


def _measure(world: World) -> dict[str, Any]:
    plan = ladder.plan(world)
    return _at(world, year=plan.year, pk=ladder.measure(world, plan).pk)


def _activity(world: World) -> dict[str, Any]:
    found = _measure(world)
    activity = plans.add_activity(
        measure=Measure.objects.select_related("plan").get(pk=found["pk"]),
        text="Møte med Nav",
        on=None,
        actor=None,
        now=NOW,
    )
    return {**found, "pk": activity.pk}


def _meeting(world: World) -> dict[str, Any]:
    return _at(world, pk=ladder.meeting(world).pk)


def _held(world: World) -> dict[str, Any]:
    return _at(world, pk=ladder.held(world).pk)


def _commented(world: World) -> dict[str, Any]:
    meeting = ladder.held(world)
    comment: Comment = meetings.comment_on_meeting(
        meeting=meeting, text="Vi savner et punkt.", actor=world.person(OWN), now=timezone.now()
    )
    return _at(world, pk=meeting.pk, comment=comment.pk)


def two_sides(
    office: int, municipality: int, above: int = 404, others: int = 404
) -> dict[str, int]:
    """Its own office, its own people, the levels above, the rest of the programme; strangers see nothing."""
    return (
        only(*ROLES, status=others)
        | dict.fromkeys(ABOVE, above)
        | {OFFICE: office, OWN: municipality}
    )


# What is public, or has been sent on, is seen by the whole programme, which is told why it may not.
def both(office: int, municipality: int) -> dict[str, int]:
    return two_sides(office, municipality, 403, 403)


REASON = {"reason": ""}
MINUTES = {"revision": "7", "present": "rådgiver", "minutes": "Vi snakket.", "agreed": ""}

ROWS = [
    Row("delivery:municipality_year", only(*ROLES), kwargs=_at),
    Row(
        "delivery:municipality_year",
        only(),
        kwargs=lambda world: {**_at(world), "municipality": "test-owner"},
    ),
    Row("delivery:draft_agreement", both(200, 403), kwargs=_at),
    Row("delivery:agreement", two_sides(200, 404), kwargs=_draft),
    Row("delivery:agreement", two_sides(200, 200), kwargs=_proposed),
    Row("delivery:agreement", only(*ROLES), kwargs=_in_force),
    Row("delivery:agreement", two_sides(200, 200, above=200), kwargs=_exempt),
    Row("delivery:agreement", two_sides(200, 404, above=200), kwargs=_internal),
    Row("delivery:change_agreement", two_sides(200, 404), kwargs=_draft),
    Row("delivery:change_agreement", two_sides(409, 403), kwargs=_proposed),
    Row("delivery:discard_agreement", two_sides(200, 404), kwargs=_draft),
    Row("delivery:renew_agreement", both(302, 403), kwargs=_ended, method="post"),
    Row(
        "delivery:propose_agreement",
        two_sides(302, 403),
        kwargs=_draft,
        method="post",
    ),
    # The office comes first; what it has taken back is a draft, which the municipality does not see.
    Row("delivery:take_back_agreement", two_sides(302, 404), kwargs=_proposed, method="post"),
    Row("delivery:confirm_agreement", two_sides(403, 409), kwargs=_to_confirm, method="post"),
    Row("delivery:send_back_agreement", two_sides(403, 200), kwargs=_proposed),
    Row("delivery:end_agreement", both(200, 200), kwargs=_in_force),
    Row("delivery:end_agreement", both(422, 422), kwargs=_in_force, method="post", data=REASON),
    Row("delivery:plan_meeting", both(200, 200), kwargs=_at),
    Row("delivery:meeting", two_sides(200, 200), kwargs=_meeting),
    Row("delivery:meeting", only(*ROLES), kwargs=_held),
    Row("delivery:change_meeting", two_sides(200, 200), kwargs=_meeting),
    Row("delivery:change_meeting", both(409, 409), kwargs=_held),
    Row("delivery:hold_meeting", two_sides(409, 403), kwargs=_meeting, method="post", data=MINUTES),
    Row("delivery:hold_meeting", both(200, 403), kwargs=_held),
    Row("delivery:cancel_meeting", two_sides(200, 200), kwargs=_meeting),
    Row(
        "delivery:comment_meeting",
        both(302, 302),
        kwargs=_held,
        method="post",
        data={"text": "Vi savner et punkt."},
    ),
    Row("delivery:answer_meeting", two_sides(200, 403), kwargs=_commented),
    Row("delivery:start_plan", both(200, 200), kwargs=_at),
    Row("delivery:plan", two_sides(200, 200), kwargs=_plan),
    Row("delivery:plan", only(*ROLES), kwargs=_adopted),
    Row("delivery:summarise_plan", two_sides(200, 200), kwargs=_plan),
    Row("delivery:summarise_plan", both(409, 409), kwargs=_adopted),
    Row("delivery:add_measure", two_sides(200, 200), kwargs=_plan),
    Row("delivery:change_measure", two_sides(200, 200), kwargs=_measure),
    Row("delivery:remove_measure", two_sides(200, 200), kwargs=_measure),
    Row("delivery:measure_status", two_sides(200, 200), kwargs=_measure),
    Row("delivery:add_activity", two_sides(200, 200), kwargs=_measure),
    Row(
        "delivery:mark_activity",
        two_sides(302, 302),
        kwargs=_activity,
        method="post",
        data={"done": "yes"},
    ),
    Row("delivery:remove_activity", two_sides(200, 200), kwargs=_activity),
    Row("delivery:remove_activity", two_sides(302, 404), kwargs=_activity, method="post"),
    Row("delivery:adopt_plan", two_sides(403, 409), kwargs=_to_adopt, method="post"),
    Row("delivery:revise_plan", both(403, 200), kwargs=_adopted),
    Row("delivery:revise_plan", both(403, 422), kwargs=_adopted, method="post", data=REASON),
    Row("delivery:close_plan", both(302, 409), kwargs=_adopted, method="post"),
]
