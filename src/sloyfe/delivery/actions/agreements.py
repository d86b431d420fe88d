"""Drafting, proposing, confirming, sending back and ending programme agreements.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.actions import write_comment
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.case_letters import AGREEMENT, queue_case_letters
from sloyfe.delivery.models import Agreement, AgreementRole, EffortArea, Priority
from sloyfe.delivery.permissions.agreements import (
    check_can_be_proposed,
    check_may_answer,
    check_may_draft,
    check_may_edit,
    check_may_end,
    check_may_propose,
    check_may_renew,
    check_may_take_back_agreement,
    check_move,
    in_work,
)
from sloyfe.delivery.queries.agreements import became, office_of
from sloyfe.delivery.rules.agreements import (
    MOST_PRIORITIES,
    AgreementRoleKind,
    AgreementState,
    EndKind,
    Side,
)
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.plans import FIRST_YEAR, LAST_YEAR
from sloyfe.delivery.texts.agreements import TERM_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Membership, Programme, Subprogramme
from sloyfe.programme.queries import Visitor

SENT_BACK = "sent-back"  # where the municipality's word stands among the comments
_LONGEST = 4000
_LONGEST_REASON = 2000


@dataclass(frozen=True)
class Named:
    """Somebody who has a role on one side of an agreement."""

    side: Side
    kind: AgreementRoleKind
    name: str
    title: str = ""


@dataclass(frozen=True)
class Chosen:
    """An effort area that is put first, and why."""

    area: EffortArea
    why: str = ""


@dataclass(frozen=True)
class Terms:
    """What an agreement says. `valid_to` is the first day on which it no longer holds; None is no end."""

    valid_from: dt.date
    valid_to: dt.date | None
    municipality_does: str
    office_does: str
    background: str = ""
    roles: tuple[Named, ...] = ()
    priorities: tuple[Chosen, ...] = ()


def lock_agreement(agreement: Agreement) -> Agreement:
    """Hold an agreement until the transaction ends, and give it as it stands now."""
    return (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "subprogramme", "municipality", "office")
        .get(pk=agreement.pk)
    )


def readable(text: str, field: object, most: int) -> str:
    """Give a text as it is kept. Refuses one that is too long, cannot be shown, or has a birth number in it."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise NotPossible("delivery.text_too_long", field=field, most=most)
    if "\x00" in text:
        raise NotPossible("delivery.text_unreadable", field=field)
    check_no_birth_number((field, text))
    return text


def check_year(on: dt.date) -> None:
    """Refuse a day in a year that nothing here can lie in, which is a slip of the finger."""
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise NotPossible("delivery.year_unknown", year=on.year)


def _check_terms(programme_id: int, terms: Terms) -> Terms:
    texts = {
        name: readable(getattr(terms, name), TERM_TEXT[name], _LONGEST)
        for name in ("background", "municipality_does", "office_does")
    }
    if not (texts["municipality_does"] and texts["office_does"]):
        raise NotPossible("delivery.agreement_says_too_little")
    if terms.valid_to is not None and terms.valid_to <= terms.valid_from:
        raise NotPossible("delivery.agreement_ends_before_it_begins")
    check_year(terms.valid_from)
    if terms.valid_to is not None:
        check_year(terms.valid_to)
    if any(chosen.area.programme_id != programme_id for chosen in terms.priorities):
        raise NotPossible("delivery.other_programme")
    areas = [chosen.area.pk for chosen in terms.priorities]
    if len(set(areas)) != len(areas):
        raise NotPossible("delivery.area_twice")
    if len(areas) > MOST_PRIORITIES:
        raise NotPossible("delivery.too_many_priorities", most=MOST_PRIORITIES)
    roles = tuple(
        Named(
            role.side,
            role.kind,
            readable(role.name, TERM_TEXT["roles"], 200),
            readable(role.title, TERM_TEXT["roles"], 200),
        )
        for role in terms.roles
    )
    if len({(role.side, role.kind, role.name) for role in roles}) != len(roles):
        raise NotPossible("delivery.role_twice")
    return Terms(
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        roles=roles,
        priorities=tuple(
            Chosen(chosen.area, readable(chosen.why, TERM_TEXT["priorities"], 1000))
            for chosen in terms.priorities
        ),
        **texts,
    )


def _write_lists(agreement: Agreement, terms: Terms) -> None:
    agreement.roles.all().delete()
    AgreementRole.objects.bulk_create(
        AgreementRole(
            agreement=agreement,
            side=role.side.value,
            kind=role.kind.value,
            name=role.name,
            title=role.title,
        )
        for role in terms.roles
    )
    agreement.priorities.all().delete()
    Priority.objects.bulk_create(
        Priority(agreement=agreement, area=chosen.area, position=place, why=chosen.why)
        for place, chosen in enumerate(terms.priorities, start=1)
    )


def draft_agreement(
    *,
    programme: Programme,
    subprogramme: Subprogramme,
    municipality: Organisation,
    terms: Terms,
    actor: Visitor | None,
    now: dt.datetime,
) -> Agreement:
    """Draft an agreement, or its next version where there have been some; the office alone sees it yet."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_draft(actor, programme.pk, municipality.pk, today)
    if subprogramme.programme_id != programme.pk:
        raise NotPossible("delivery.other_programme")
    terms = _check_terms(programme.pk, terms)
    office = office_of(programme, municipality, today)
    if office is None:
        raise NotPossible("delivery.no_office")
    with action("delivery.agreement.draft", actor=actor, now=now) as event:
        # One at a time for each municipality, so that two who draft at once do not take the same number.
        Organisation.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        if in_work(subprogramme.pk, municipality.pk):
            raise NotPossible("delivery.agreement_in_work")
        earlier = Agreement.objects.filter(subprogramme=subprogramme, municipality=municipality)
        newest = earlier.aggregate(newest=Max("version"))["newest"] or 0
        last = earlier.filter(version=newest).first()
        agreement = Agreement.objects.create(
            programme=programme,
            subprogramme=subprogramme,
            municipality=municipality,
            office=office,
            version=newest + 1,
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
            background=terms.background,
            municipality_does=terms.municipality_does,
            office_does=terms.office_does,
            **({"access": last.access, "legal_ground": last.legal_ground} if last else {}),
        )
        _write_lists(agreement, terms)
        set_about(event, agreement)
    return agreement


def change_agreement(
    *, agreement: Agreement, terms: Terms, revision: int, actor: Visitor | None, now: dt.datetime
) -> Agreement:
    """Change a draft. Raises ChangedMeanwhile when somebody saved after `revision` was read."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_edit(actor, agreement, today)
    with action("delivery.agreement.change", actor=actor, now=now, about=agreement):
        locked = lock_agreement(agreement)
        if actor is not None:
            check_may_edit(actor, locked, today)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.agreement_changed_meanwhile")
        checked = _check_terms(locked.programme_id, terms)
        locked.valid_from, locked.valid_to = checked.valid_from, checked.valid_to
        locked.background = checked.background
        locked.municipality_does = checked.municipality_does
        locked.office_does = checked.office_does
        locked.revision += 1
        locked.save(
            update_fields=[
                "valid_from",
                "valid_to",
                "background",
                "municipality_does",
                "office_does",
                "revision",
            ]
        )
        _write_lists(locked, checked)
    return locked


def discard_draft(*, agreement: Agreement, actor: Visitor | None, now: dt.datetime) -> None:
    """Throw a draft away, so that another can be begun. What has been in force is never thrown away."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_edit(actor, agreement, today)
    with action("delivery.agreement.discard", actor=actor, now=now, about=agreement):
        locked = lock_agreement(agreement)
        check_move(locked, AgreementState.PROPOSED)  # only a draft can be proposed, or thrown away
        locked.delete()


def renew_agreement(*, agreement: Agreement, actor: Visitor | None, now: dt.datetime) -> Agreement:
    """Draft the next version of an agreement with the same terms, from the day the last one runs out."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_renew(actor, agreement, today)
    ends = agreement.valid_to if agreement.stands is AgreementState.IN_FORCE else None
    terms = Terms(
        valid_from=ends or today,
        valid_to=None,
        background=agreement.background,
        municipality_does=agreement.municipality_does,
        office_does=agreement.office_does,
        roles=tuple(
            Named(Side(role.side), AgreementRoleKind(role.kind), role.name, role.title)
            for role in agreement.roles.order_by("pk")
        ),
        priorities=tuple(
            Chosen(priority.area, priority.why)
            for priority in agreement.priorities.select_related("area")
        ),
    )
    return draft_agreement(
        programme=agreement.programme,
        subprogramme=agreement.subprogramme,
        municipality=agreement.municipality,
        terms=terms,
        actor=actor,
        now=now,
    )


def propose_agreement(
    *, agreement: Agreement, actor: Visitor | None, now: dt.datetime
) -> Agreement:
    """Send a draft to the municipality, which reads it from now on and confirms it or sends it back."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_propose(actor, agreement, today)
    with action("delivery.agreement.propose", actor=actor, now=now, about=agreement) as event:
        locked = lock_agreement(agreement)
        check_can_be_proposed(locked)
        locked.state = AgreementState.PROPOSED.value
        locked.proposed_at = now
        locked.revision += 1
        locked.save(update_fields=["state", "proposed_at", "revision"])
        if actor is not None:
            event.details["letters"] = queue_case_letters(
                AGREEMENT, locked, locked.municipality, now=now
            )
    return locked


def take_back_agreement(
    *, agreement: Agreement, actor: Visitor | None, now: dt.datetime
) -> Agreement:
    """Take back what has been sent to the municipality and not been answered, to change it."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_take_back_agreement(actor, agreement, today)
    with action("delivery.agreement.take_back", actor=actor, now=now, about=agreement):
        locked = lock_agreement(agreement)
        check_move(locked, AgreementState.DRAFT)
        locked.state = AgreementState.DRAFT.value
        locked.proposed_at = None
        locked.revision += 1
        locked.save(update_fields=["state", "proposed_at", "revision"])
    return locked


def confirm_agreement(
    *, agreement: Agreement, revision: int, actor: Visitor | None, now: dt.datetime
) -> Agreement:
    """Confirm a proposed agreement: it is in force, the version before it is replaced, and the
    municipality is a member of the subprogramme.

    `revision` is the one that was read, so that nobody confirms something else than they saw.
    """
    today = timezone.localdate(now)
    if actor is not None:
        check_may_answer(actor, agreement, today)
    with action("delivery.agreement.confirm", actor=actor, now=now, about=agreement):
        locked = lock_agreement(agreement)
        check_move(locked, AgreementState.IN_FORCE)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.agreement_changed_before_confirming")
        before = (
            Agreement.objects.select_for_update()
            .filter(
                subprogramme=locked.subprogramme,
                municipality=locked.municipality,
                state=AgreementState.IN_FORCE.value,
            )
            .first()
        )
        if before is not None:
            before.state = AgreementState.REPLACED.value
            # The one before holds until the new one begins, where it does not run out earlier by itself.
            first = max(locked.valid_from, before.valid_from + dt.timedelta(days=1))
            if before.valid_to is None or first < before.valid_to:
                before.ended_on = first
            before.save(update_fields=["state", "ended_on"])
        locked.state = AgreementState.IN_FORCE.value
        locked.replaces = before
        locked.confirmed_at = now
        locked.revision += 1
        locked.save(update_fields=["state", "replaces", "confirmed_at", "revision"])
        _open_membership(locked)
    return locked


def _open_membership(agreement: Agreement) -> None:
    """Make the municipality a member from the day the agreement begins, unless a source says so already."""
    known = Membership.objects.filter(
        subprogramme=agreement.subprogramme, organisation=agreement.municipality
    )
    if known.filter(valid_to__isnull=True).exists():
        return
    last = known.aggregate(last=Max("valid_to"))["last"]
    Membership.objects.create(
        subprogramme=agreement.subprogramme,
        organisation=agreement.municipality,
        valid_from=max(filter(None, (agreement.valid_from, last))),
        source=_source(agreement),
    )


def _source(agreement: Agreement) -> str:
    return f"Programavtale versjon {agreement.version}"


def send_back(*, agreement: Agreement, word: str, actor: Person, now: dt.datetime) -> Agreement:
    """Send a proposed agreement back to the office with a word on what should be otherwise."""
    today = timezone.localdate(now)
    check_may_answer(actor, agreement, today)
    with action("delivery.agreement.send_back", actor=actor, now=now, about=agreement):
        locked = lock_agreement(agreement)
        check_move(locked, AgreementState.DRAFT)
        write_comment(about=locked, anchor=SENT_BACK, text=word, actor=actor, now=now)
        locked.state = AgreementState.DRAFT.value
        locked.proposed_at = None
        locked.revision += 1
        locked.save(update_fields=["state", "proposed_at", "revision"])
    return locked


def end_agreement(
    *,
    agreement: Agreement,
    kind: EndKind,
    reason: str,
    ended_on: dt.date,
    actor: Visitor | None,
    now: dt.datetime,
) -> Agreement:
    """End an agreement: `ended_on` is the first day on which it no longer holds.

    The membership of the subprogramme ends on the same day. A day that lies ahead is kept with the agreement,
    which holds until then and ends by `end_due`; it may be set anew. An agreement that has not begun yet may
    end before it does: it then never holds, and makes nobody a member. Where the municipality has become part of
    another, the register must say so, and the event names what it became.
    """
    today = timezone.localdate(now)
    if actor is not None:
        check_may_end(actor, agreement, today, kind)
    reason = readable(reason, TERM_TEXT["background"], _LONGEST_REASON)
    if not reason:
        raise NotPossible("delivery.end_says_why")
    check_year(ended_on)
    if ended_on <= agreement.valid_from and agreement.valid_from <= today:
        raise NotPossible(
            "delivery.end_before_it_began", began=date_format(agreement.valid_from, "DATE_FORMAT")
        )
    if agreement.ended_on is None and agreement.valid_to and ended_on > agreement.valid_to:
        raise NotPossible(
            "delivery.end_after_it_runs_out",
            last=date_format(agreement.valid_to - dt.timedelta(days=1), "DATE_FORMAT"),
        )
    names = ", ".join(each.name for each in became(agreement.municipality, today))
    if kind is EndKind.MERGED and not names:
        raise NotPossible("delivery.no_merger_known", municipality=agreement.municipality.name)
    with action(
        "delivery.agreement.end",
        actor=actor,
        now=now,
        about=agreement,
        kind=kind.value,
        on=ended_on.isoformat(),
        became=names if kind is EndKind.MERGED else "",
    ) as event:
        locked = lock_agreement(agreement)
        check_move(locked, AgreementState.ENDED)
        never = ended_on <= locked.valid_from
        earlier = locked.ended_on
        # The day after today is right for what holds today and no longer tomorrow.
        if never or ended_on <= today + dt.timedelta(days=1):
            locked.state = AgreementState.ENDED.value
        else:
            event.action = "delivery.agreement.plan_end"
            locked.valid_to = ended_on
        locked.ended_on = locked.valid_from if never else ended_on
        locked.end_kind = kind.value
        locked.end_reason = reason
        locked.revision += 1
        locked.save(
            update_fields=["state", "valid_to", "ended_on", "end_kind", "end_reason", "revision"]
        )
        _end_membership(locked, locked.ended_on, earlier)
    return locked


def _end_membership(agreement: Agreement, ends: dt.date, earlier: dt.date | None) -> None:
    """End what a municipality is a member by on the day that its agreement ends, or move a day set before."""
    known = Membership.objects.filter(
        subprogramme=agreement.subprogramme, organisation=agreement.municipality
    )
    known.filter(valid_from=ends, source=_source(agreement)).delete()
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=ends)
    if earlier is not None:
        still |= Q(valid_to=earlier)
    known.filter(still, valid_from__lt=ends).update(valid_to=ends)


def end_due(*, now: dt.datetime) -> int:
    """End the agreements whose day for it has come. Gives how many; may run twice without harm."""
    today = timezone.localdate(now)
    due = Agreement.objects.filter(
        state=AgreementState.IN_FORCE.value, ended_on__lte=today
    ).select_related("municipality", "subprogramme", "programme", "office")
    number = 0
    for agreement in due:
        if agreement.ended_on is None:
            continue
        end_agreement(
            agreement=agreement,
            kind=EndKind(agreement.end_kind),
            reason=agreement.end_reason,
            ended_on=agreement.ended_on,
            actor=None,
            now=now,
        )
        number += 1
    return number
