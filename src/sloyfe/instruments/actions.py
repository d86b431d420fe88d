"""What is done with banks, instruments and versions: loading, editing, and each step of a version's life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.actions import answer_comment as write_answer
from sloyfe.comments.actions import write_comment
from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotPossible
from sloyfe.instruments import permissions
from sloyfe.instruments.models import (
    Instrument,
    Item,
    ItemUse,
    ItemVariant,
    PilotAnswer,
    Scale,
    Version,
)
from sloyfe.instruments.permissions import Actor
from sloyfe.instruments.queries import bank_of, latest_version, next_number, open_version
from sloyfe.instruments.rules import QuestionKind, VersionState, editing
from sloyfe.instruments.rules.bank import Bank
from sloyfe.instruments.rules.definitions import (
    Definition,
    Question,
    ResolvedInstrument,
    check_definition,
    content_hash,
    questions_of,
)
from sloyfe.instruments.texts import problems_of
from sloyfe.programme.models import Programme

# The bank


def load_bank(*, programme: Programme, bank: Bank, actor: Actor, now: dt.datetime) -> int:
    """Put scales and items into a programme's bank; give how many rows were written.

    What is in the bank already and looks the same is left alone; nothing is taken out, since versions
    may use it. Released versions keep their own wording.
    """
    permissions.check_may_add(actor, programme, now)
    if bank_of(programme) == _joined(bank_of(programme), bank):
        return 0
    written = 0
    with action("instruments.bank.load", actor=actor, now=now, about=programme) as event:
        scales: dict[str, Scale] = {}
        for code, options in bank.scales.items():
            scales[code], changed = _put(
                Scale, {"programme": programme, "code": code}, {"options": options}
            )
            written += changed
        for item in bank.items.values():
            values = {
                "text": item.text,
                "help": item.help or {},
                "scale": scales[item.scale] if item.scale else None,
            }
            row, changed = _put(Item, {"programme": programme, "code": item.code}, values)
            written += changed
            for variant in item.variants.values():
                values = {
                    "text": variant.text,
                    "help": variant.help or {},
                    "scale": scales[variant.scale] if variant.scale else None,
                }
                _, changed = _put(ItemVariant, {"item": row, "code": variant.code}, values)
                written += changed
        event.details = {"rows": written}
    return written


def _joined(there: Bank, coming: Bank) -> Bank:
    """Give the bank as it would be after loading; variants made by editing drafts stay."""
    items = dict(there.items)
    for code, item in coming.items.items():
        kept = dict(there.items[code].variants) if code in there.items else {}
        items[code] = type(item)(
            item.code, item.text, item.help, item.scale, {**kept, **item.variants}
        )
    return Bank({**there.scales, **coming.scales}, items)


def _put(model: Any, lookup: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, bool]:
    """Create a row or change it, but write nothing when it already looks so."""
    row = model.objects.filter(**lookup).first()
    if row is None:
        return model.objects.create(**lookup, **values), True
    if all(getattr(row, name) == value for name, value in values.items()):
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row, True


# Instruments


def load_instrument(
    *, programme: Programme, resolved: ResolvedInstrument, actor: Actor, now: dt.datetime
) -> tuple[Version, bool]:
    """Put an instrument into a programme as a draft; give the version and whether anything was written.

    The same content as the newest version is no change. Other content replaces an open draft or begins
    the next version. Raises NotPossible while a version is out for comments or in its pilot.
    """
    permissions.check_may_add_kind(actor, programme, resolved.kind, now)
    about = {
        "kind": resolved.kind,
        "title": dict(resolved.title),
        "provenance": dict(resolved.provenance),
    }
    instrument = Instrument.objects.filter(programme=programme, code=resolved.code).first()
    if instrument is not None:
        # A file must not turn a form into one of a kind that somebody else makes.
        permissions.check_may_add_kind(actor, programme, instrument.kind, now)
    digest = content_hash(resolved.definition)
    newest = latest_version(instrument) if instrument else None
    same = newest is not None and newest.content_hash == digest
    if (
        instrument
        and newest
        and same
        and all(getattr(instrument, k) == v for k, v in about.items())
    ):
        return newest, False
    with action("instruments.version.load", actor=actor, now=now) as event:
        instrument, _ = _put(Instrument, {"programme": programme, "code": resolved.code}, about)
        if newest is None or not same:
            newest = _write_draft(instrument, resolved.definition, actor, now)
        set_about(event, newest)
    return newest, True


def _write_draft(
    instrument: Instrument, definition: Definition, actor: Actor, now: dt.datetime
) -> Version:
    version = open_version(instrument)
    if version is None:
        version = Version(instrument=instrument, number=next_number(instrument))
    else:
        permissions.check_may_edit(actor, version, now)
    _set_definition(version, definition)
    return version


def _set_definition(version: Version, definition: Definition) -> None:
    version.definition = definition
    version.content_hash = content_hash(definition)
    version.save()
    _write_uses(version)


@dataclass(frozen=True)
class _Asked:
    """An item as a definition asks it."""

    code: str
    text: Mapping[str, str]
    help: Mapping[str, str]
    scale: str | None


def _asked(definition: Mapping[str, Any]) -> list[_Asked]:
    found: list[_Asked] = []
    for _, question in questions_of(definition):
        if question["kind"] == QuestionKind.BATTERY:
            found.extend(
                _Asked(row["code"], row["text"], {}, question["scale"]) for row in question["rows"]
            )
        elif question["kind"] != QuestionKind.INFORMATION:
            found.append(
                _Asked(
                    question["code"], question["text"], question["help"] or {}, question["scale"]
                )
            )
    return found


def _write_uses(version: Version) -> None:
    """Write which items a draft asks, and in which variant; a wording of its own becomes a variant.

    A row of a battery shows no help text, and an item may leave its scale to the question.
    """
    programme = version.instrument.programme
    own_code = f"{version.instrument.code}_{version.number}".replace("-", "_")[:80]
    scales = {scale.code: scale for scale in Scale.objects.filter(programme=programme)}
    items = {
        item.code: item
        for item in Item.objects.filter(programme=programme)
        .select_related("scale")
        .prefetch_related("variants__scale")
    }
    version.item_uses.all().delete()
    uses: list[ItemUse] = []
    for position, asked in enumerate(_asked(version.definition)):
        item = items.get(asked.code)
        if item is None:
            item = Item.objects.create(
                programme=programme,
                code=asked.code,
                text=asked.text,
                help=asked.help,
                scale=scales[asked.scale] if asked.scale else None,
            )
        variant = None
        if not _fits(item, asked):
            variant = next((v for v in item.variants.all() if _fits(v, asked)), None)
            if variant is None:
                values = {
                    "text": asked.text,
                    "help": asked.help,
                    "scale": scales[asked.scale] if asked.scale else None,
                }
                variant, _ = _put(ItemVariant, {"item": item, "code": own_code}, values)
        uses.append(ItemUse(version=version, item=item, variant=variant, position=position))
    ItemUse.objects.bulk_create(uses)
    ItemVariant.objects.filter(item__programme=programme, code=own_code, uses__isnull=True).delete()


def _fits(row: Item | ItemVariant, asked: _Asked) -> bool:
    scale = row.scale.code if row.scale else None
    return (
        row.text == asked.text
        and (not asked.help or row.help == asked.help)
        and (scale is None or scale == asked.scale)
    )


# The life of a version


def _locked(version: Version) -> Version:
    return (
        Version.objects.select_for_update(of=("self",))
        .select_related("instrument__programme")
        .get(pk=version.pk)
    )


def send_for_comments(
    *, version: Version, comments_by: dt.date, actor: Actor, now: dt.datetime
) -> Version:
    """Send a draft to those who comment on forms of its kind; they may comment to the end of a stated day."""
    with action("instruments.version.send_for_comments", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_send_for_comments(actor, version, now)
        if comments_by < timezone.localdate(now):
            raise NotPossible("instrument.date_passed", date=permissions.day(comments_by))
        version.comments_by = comments_by
        _move(version, VersionState.COMMENTING, "comments_by")
        set_about(event, version)
        event.details = {"comments_by": comments_by.isoformat()}
    return version


def withdraw(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Take a version back to draft, from the comments or from the pilot; comments and answers stay."""
    with action("instruments.version.withdraw", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_withdraw(actor, version, now)
        _move(version, VersionState.DRAFT)
        set_about(event, version)
    return version


def start_pilot(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Let a version be tried, with answers kept apart from every round."""
    with action("instruments.version.start_pilot", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_start_pilot(actor, version, now)
        _move(version, VersionState.PILOT)
        set_about(event, version)
    return version


def release(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Release a version for use, never to be changed again; the one in use before is retired."""
    with action("instruments.version.release", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_release(actor, version, now)
        version.released_at = now
        _move(version, VersionState.RELEASED, "released_at")
        set_about(event, version)
        retired = []
        for older in Version.objects.select_for_update().filter(
            instrument=version.instrument_id,
            state=VersionState.RELEASED.value,
            number__lt=version.number,
        ):
            older.retired_at = now
            _move(older, VersionState.RETIRED, "retired_at")
            retired.append(older.number)
        event.details = {"retired": retired}
    return version


def retire(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Take a released version out of use; what was answered with it stays."""
    with action("instruments.version.retire", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_retire(actor, version, now)
        version.retired_at = now
        _move(version, VersionState.RETIRED, "retired_at")
        set_about(event, version)
    return version


def _move(version: Version, to: VersionState, *fields: str) -> None:
    version.state = to.value
    version.save(update_fields=["state", *fields])


def new_version(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Begin the next version as a draft with the content of one that has been released."""
    with action("instruments.version.begin", actor=actor, now=now) as event:
        version = _locked(version)
        permissions.check_may_make_new_version(actor, version, now)
        draft = Version(instrument=version.instrument, number=next_number(version.instrument))
        _set_definition(draft, version.definition)
        set_about(event, draft)
        event.details = {"from": version.number}
    return draft


def release_for_content(*, version: Version, actor: Actor, now: dt.datetime) -> Version:
    """Walk a version that comes with a programme's content through its life, step by step.

    The same actions as everybody's, each with its event, so that no half-built version exists.
    """
    today = timezone.localdate(now)
    if version.stands is VersionState.DRAFT:
        version = send_for_comments(version=version, comments_by=today, actor=actor, now=now)
    if version.stands is VersionState.COMMENTING:
        version = start_pilot(version=version, actor=actor, now=now)
    return release(version=version, actor=actor, now=now)


# Editing a draft


def _rewrite(
    name: str,
    *,
    version: Version,
    code: str,
    based_on: str,
    change: Callable[[Definition], Definition],
    actor: Actor,
    now: dt.datetime,
) -> Version:
    """Change the definition of a draft as one action; `based_on` is the content hash that was shown."""
    with action(name, actor=actor, now=now, question=code) as event:
        version = _locked(version)
        permissions.check_may_edit(actor, version, now)
        if based_on != version.content_hash:
            raise ChangedMeanwhile("instrument.changed_meanwhile")
        try:
            definition = change(version.definition)
        except editing.NoSuchQuestion:
            raise NotPossible("instrument.no_such_question") from None
        mistakes = check_definition(definition, version.instrument.kind)
        if mistakes:
            raise InputProblem(problems_of(mistakes, str(version)))
        _set_definition(version, definition)
        set_about(event, version)
    return version


def change_question(
    *,
    version: Version,
    code: str,
    changes: Mapping[str, Any],
    based_on: str,
    actor: Actor,
    now: dt.datetime,
) -> Version:
    """Change the wording, the scale or the rules of one question in a draft."""
    return _rewrite(
        "instruments.question.change",
        version=version,
        code=code,
        based_on=based_on,
        change=lambda definition: editing.change_question(definition, code, changes),
        actor=actor,
        now=now,
    )


def remove_question(
    *, version: Version, code: str, based_on: str, actor: Actor, now: dt.datetime
) -> Version:
    """Take one question out of a draft; the item stays in the bank."""
    return _rewrite(
        "instruments.question.remove",
        version=version,
        code=code,
        based_on=based_on,
        change=lambda definition: editing.remove_question(definition, code),
        actor=actor,
        now=now,
    )


def move_question(
    *, version: Version, code: str, by: int, based_on: str, actor: Actor, now: dt.datetime
) -> Version:
    """Move one question up (-1) or down (1) on its page."""

    def change(definition: Definition) -> Definition:
        moved = editing.move_question(definition, code, by)
        if moved is None:
            raise NotPossible("instrument.at_the_end")
        return moved

    return _rewrite(
        "instruments.question.move",
        version=version,
        code=code,
        based_on=based_on,
        change=change,
        actor=actor,
        now=now,
    )


def add_question(
    *,
    version: Version,
    page: str,
    question: Question,
    based_on: str,
    actor: Actor,
    now: dt.datetime,
) -> Version:
    """Put a question at the end of a page; an item that the bank has not got is put into it."""
    return _rewrite(
        "instruments.question.add",
        version=version,
        code=question["code"],
        based_on=based_on,
        change=lambda definition: editing.add_question(definition, page, question),
        actor=actor,
        now=now,
    )


# Comments and pilot answers


def comment(
    *, version: Version, anchor: str, text: str, actor: Person, now: dt.datetime
) -> Comment:
    """Comment on one question of a version that is out for comments, or on the whole of it."""
    with transaction.atomic():
        version = _locked(version)
        permissions.check_may_comment(actor, version, now)
        permissions.check_anchor(version, anchor)
        return write_comment(about=version, anchor=anchor, text=text, actor=actor, now=now)


def answer_comment(
    *,
    version: Version,
    comment: Comment,
    outcome: str,
    answer: str,
    actor: Person,
    now: dt.datetime,
) -> Comment:
    """Answer a comment: followed, partly or not, and why."""
    with transaction.atomic():
        version = _locked(version)
        permissions.check_may_answer_comment(actor, version, comment, now)
        return write_answer(
            comment=comment, about=version, outcome=outcome, answer=answer, actor=actor, now=now
        )


def save_pilot_answer(
    *,
    version: Version,
    answers: Mapping[str, Any],
    remark: str,
    actor: Person,
    now: dt.datetime,
) -> PilotAnswer:
    """Keep what somebody answered in a pilot, without their name; `answers` have been checked."""
    # Nobody stands behind the event either: the order of events would tell whose an answer is.
    with action("instruments.pilot.answer", actor=None, now=now) as event:
        version = _locked(version)
        permissions.check_may_pilot(actor, version, now)
        set_about(event, version)
        return PilotAnswer.objects.create(
            version=version,
            answers=dict(answers),
            remark=remark,
            made_on=timezone.localdate(now),
        )
