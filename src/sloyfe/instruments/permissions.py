"""Who may do what with a version. `check_may_x` raises the reason; `may_x` is its boolean twin.

An actor of `None` is the operator of the installation, who loads content from the command line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.comments.models import Comment
from sloyfe.common.errors import NotAllowed, NotPossible, Refused
from sloyfe.instruments.models import Version
from sloyfe.instruments.queries import comments_on, last_released, open_version
from sloyfe.instruments.rules import MOVES, InstrumentKind, VersionState
from sloyfe.instruments.rules.access import MAKERS, Rights, rights_in
from sloyfe.instruments.rules.definitions import questions_of
from sloyfe.instruments.rules.replacing import growth
from sloyfe.instruments.texts import STATES, field_names, words_for
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity

Actor = Visitor | None


def refusal(check: Callable[..., None], *args: Any, **kwargs: Any) -> Refused | None:
    """Give the reason why something may not be done, or nothing."""
    try:
        check(*args, **kwargs)
    except Refused as refused:
        return refused
    return None


def _rights(version: Version) -> Rights:
    return rights_in(version.instrument.kind)


def _check_capacity(
    actor: Actor, programme: int, now: dt.datetime, code: str, capacities: Collection[Capacity]
) -> None:
    if actor is None:
        return
    if not has_capacity(actor, timezone.localdate(now), programme, *capacities):
        raise NotAllowed(code)


def _check(
    actor: Actor, version: Version, now: dt.datetime, code: str, capacities: Collection[Capacity]
) -> None:
    _check_capacity(actor, version.instrument.programme_id, now, code, capacities)


def check_may_make(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let the evaluator work on questionnaires, and nasjonalt fagansvar on the programme's templates."""
    rights = _rights(version)
    _check(actor, version, now, rights.only_maker, [rights.maker])


def may_make(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone makes forms of the kind that a version is of."""
    return refusal(check_may_make, actor, version, now) is None


def day(date: dt.date | None) -> str:
    """Write a date as people read it."""
    return date_format(date, "DATE_FORMAT") if date else ""


def _check_move(version: Version, to: VersionState) -> None:
    if to not in MOVES[version.stands]:
        raise NotPossible(
            "instrument.no_such_move", state=STATES[version.stands], wanted=STATES[to]
        )


def _check_growth(version: Version) -> None:
    """See that a report asks no more than the one before it, and that each new field replaces one."""
    if version.instrument.kind != InstrumentKind.REPORT:
        return
    before = last_released(version)
    if before is None:
        return
    found = growth(before.definition, version.definition)
    if found.is_allowed:
        return
    raise NotPossible(
        "instrument.new_field_replaces_none",
        fields=field_names(found.unplaced),
        before=found.before,
        after=found.after,
    )


def check_may_add(actor: Actor, programme: Programme, now: dt.datetime) -> None:
    """Let those who make forms of some kind put forms and items into a programme."""
    _check_capacity(actor, programme.pk, now, "instrument.only_makers", MAKERS)


def may_add(actor: Actor, programme: Programme, now: dt.datetime) -> bool:
    """Tell whether someone may put instruments into a programme."""
    return refusal(check_may_add, actor, programme, now) is None


def check_may_add_kind(actor: Actor, programme: Programme, kind: str, now: dt.datetime) -> None:
    """Let the evaluator add questionnaires to a programme, and nasjonalt fagansvar its templates."""
    rights = rights_in(kind)
    _check_capacity(actor, programme.pk, now, rights.only_maker, [rights.maker])


def check_may_edit(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form change a draft, and nothing that has left the draft."""
    check_may_make(actor, version, now)
    if version.stands is VersionState.COMMENTING:
        raise NotPossible("instrument.out_for_comments", date=day(version.comments_by))
    if version.stands is VersionState.PILOT:
        raise NotPossible("instrument.in_pilot")
    if version.stands is not VersionState.DRAFT:
        raise NotPossible("instrument.released_is_fixed")


def may_edit(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may change a version."""
    return refusal(check_may_edit, actor, version, now) is None


def check_may_send_for_comments(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form send a draft to those who comment on it."""
    check_may_make(actor, version, now)
    _check_move(version, VersionState.COMMENTING)
    _check_growth(version)


def may_send_for_comments(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may send a version for comments."""
    return refusal(check_may_send_for_comments, actor, version, now) is None


def check_may_withdraw(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form take a version back to draft, from the comments or from the pilot."""
    check_may_make(actor, version, now)
    _check_move(version, VersionState.DRAFT)


def may_withdraw(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may take a version back to draft."""
    return refusal(check_may_withdraw, actor, version, now) is None


def check_may_start_pilot(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form start the pilot when those who comment have had their time."""
    check_may_make(actor, version, now)
    _check_move(version, VersionState.PILOT)
    if version.comments_by is not None and timezone.localdate(now) < version.comments_by:
        words = words_for(version.instrument.kind)
        raise NotPossible(
            "instrument.comment_period_open",
            commenters=words.commenters,
            date=day(version.comments_by),
        )


def may_start_pilot(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may start the pilot."""
    return refusal(check_may_start_pilot, actor, version, now) is None


def check_may_release(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form release a piloted version when every comment has its answer."""
    check_may_make(actor, version, now)
    _check_move(version, VersionState.RELEASED)
    unanswered = comments_on(version).unanswered().count()
    if unanswered:
        raise NotPossible("instrument.comments_unanswered", number=unanswered)
    _check_growth(version)


def may_release(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may release a version."""
    return refusal(check_may_release, actor, version, now) is None


def check_may_retire(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form take a released version out of use."""
    check_may_make(actor, version, now)
    _check_move(version, VersionState.RETIRED)


def may_retire(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may retire a version."""
    return refusal(check_may_retire, actor, version, now) is None


def check_may_make_new_version(actor: Actor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form build the next version on one that has been released."""
    check_may_make(actor, version, now)
    if version.stands not in {VersionState.RELEASED, VersionState.RETIRED}:
        raise NotPossible("instrument.nothing_to_build_on")
    other = open_version(version.instrument)
    if other is not None:
        raise NotPossible("instrument.open_version", number=other.number)


def may_make_new_version(actor: Actor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may build a new version on this one."""
    return refusal(check_may_make_new_version, actor, version, now) is None


def check_may_comment(actor: Visitor, version: Version, now: dt.datetime) -> None:
    """Let those who are asked comment while the version is out, to the end of its last day."""
    rights = _rights(version)
    _check(actor, version, now, rights.only_commenters, rights.commenters)
    words = words_for(version.instrument.kind)
    if version.stands is not VersionState.COMMENTING:
        raise NotPossible("instrument.not_open_for_comments", maker=words.maker)
    if version.comments_by is not None and timezone.localdate(now) > version.comments_by:
        raise NotPossible(
            "instrument.comments_closed", maker=words.maker, date=day(version.comments_by)
        )


def may_comment(actor: Visitor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may comment on a version now."""
    return refusal(check_may_comment, actor, version, now) is None


def check_anchor(version: Version, anchor: str) -> None:
    """See that a comment points at a question of the version, or at the whole of it."""
    if anchor and anchor not in {
        question["code"] for _, question in questions_of(version.definition)
    }:
        raise NotPossible("instrument.unknown_anchor", anchor=anchor[:80])


def check_may_read_comments(actor: Visitor, version: Version, now: dt.datetime) -> None:
    """Let all who see a form that is out for comments read the comments."""
    rights = _rights(version)
    _check(actor, version, now, rights.only_involved, rights.comment_readers)


def may_read_comments(actor: Visitor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may read the comments on a version."""
    return refusal(check_may_read_comments, actor, version, now) is None


def check_may_answer_comment(
    actor: Visitor, version: Version, comment: Comment, now: dt.datetime
) -> None:
    """Let those who make the form answer comments until the release, but nobody their own."""
    check_may_make(actor, version, now)
    if comment.author_id == actor.pk:
        raise NotAllowed("instrument.own_comment")
    if version.stands in {VersionState.RELEASED, VersionState.RETIRED}:
        raise NotPossible("instrument.comment_fixed")


def may_answer_comment(
    actor: Visitor, version: Version, comment: Comment, now: dt.datetime
) -> bool:
    """Tell whether someone may answer a comment."""
    return refusal(check_may_answer_comment, actor, version, comment, now) is None


def check_may_pilot(actor: Visitor, version: Version, now: dt.datetime) -> None:
    """Let those who work on a form try it while it is in its pilot."""
    rights = _rights(version)
    _check(actor, version, now, rights.only_involved, rights.pilots)
    if version.stands is not VersionState.PILOT:
        raise NotPossible("instrument.not_in_pilot")


def may_pilot(actor: Visitor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may give a pilot answer."""
    return refusal(check_may_pilot, actor, version, now) is None


def check_may_read_pilot_answers(actor: Visitor, version: Version, now: dt.datetime) -> None:
    """Let those who make the form alone read what the pilot gave."""
    rights = _rights(version)
    _check(actor, version, now, rights.only_maker_reads, [rights.maker])


def may_read_pilot_answers(actor: Visitor, version: Version, now: dt.datetime) -> bool:
    """Tell whether someone may read the pilot answers."""
    return refusal(check_may_read_pilot_answers, actor, version, now) is None
