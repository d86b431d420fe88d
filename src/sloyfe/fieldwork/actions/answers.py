"""Answering: opening a case by its link, saving, sending, saying no.

These run some twenty-five times for each response, so each is one statement where it can be, written out:
the rows hold no history to keep, and a guarded UPDATE both locks the row and checks its revision. Every
statement names the state that it needs, so that what was true when the page was read is true when it is
written.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from sloyfe.audit.actions import note
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.actions.prepared import Statement
from sloyfe.fieldwork.models import Case, Population, Round
from sloyfe.fieldwork.rules import (
    ANSWERING_COMES_FROM,
    Disposition,
    Origin,
    ResponseState,
    RoundState,
)
from sloyfe.fieldwork.rules.links import Link, read_token, receipt_code, unit_ref
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules.answers import (
    FieldProblem,
    Form,
    Value,
    check_complete,
    counted,
    merge,
    read_form,
)
from sloyfe.organisations.models import Organisation


@dataclass(frozen=True)
class OpenCase:
    """A case as its link opens it, with the answers saved so far. Lives as long as one request."""

    case_id: uuid.UUID
    programme_id: int
    round_id: int
    population_id: int
    version_id: int
    content_hash: str
    is_newest_link: bool
    disposition: str
    stratum: str
    background: Mapping[str, Any]
    organisation: str
    language_form: str
    round_state: str
    round_title: Mapping[str, str]
    population_title: Mapping[str, str]
    is_simulated: bool
    unit_ref: str
    response_id: uuid.UUID | None
    answers: dict[str, Value]
    revision: int
    is_complete: bool

    @property
    def is_open(self) -> bool:
        return self.round_state == RoundState.OPEN

    @property
    def form(self) -> Form:
        return form_of(self.version_id, self.content_hash)


class Unanswered(NotPossible):
    """Something required is left; `problems` say what and on which page."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("answer.not_complete", count=len(problems))
        self.problems = problems


@lru_cache(maxsize=8)
def _link_secret(folder: str) -> bytes:
    return KeyStore(settings.KEYS).link_secret()


def read_link(token: str) -> Link | None:
    """Give what a respondent's link says; None for one that was not made here. Asks no database."""
    return read_token(_link_secret(str(settings.KEYS)), token)


@lru_cache(maxsize=256)
def form_of(version_id: int, content_hash: str) -> Form:
    """Give a version's form. Kept in the process: the hash names the content, which never changes."""
    return read_form(Version.objects.values_list("definition", flat=True).get(pk=version_id))


@lru_cache(maxsize=50_000)
def _round_of(case_id: uuid.UUID) -> int:
    """Give the round of a case, which never changes; raises `Case.DoesNotExist`."""
    return Case.objects.values_list("population__round_id", flat=True).get(pk=case_id)


_OPEN = Statement(
    "sloyfe_open_case",
    ("text", "uuid"),
    """
SELECT c.population_id, c.link_generation, c.disposition, c.stratum, c.background,
       p.version_id, v.content_hash, p.title,
       o.name, o.language_form,
       r.state, r.title, r.origin, g.is_simulated,
       s.id, s.answers, s.revision, s.state, r.programme_id
  FROM fieldwork_case c
  JOIN fieldwork_population p ON p.id = c.population_id
  JOIN instruments_version v ON v.id = p.version_id
  JOIN organisations_organisation o ON o.id = c.organisation_id
  JOIN fieldwork_round r ON r.id = p.round_id
  JOIN programme_programme g ON g.id = r.programme_id
  LEFT JOIN fieldwork_response s ON s.round_id = r.id AND s.unit_ref = $1
 WHERE c.id = $2
""",
)


def open_case(link: Link) -> OpenCase | None:
    """Give the case that a link opens, with its saved answers; None where it is no longer there.

    Says by `is_newest_link` and `round_state` whether it may be answered; whether to show why not is
    the page's matter. Raises `NotPossible` where an open round has lost its key.
    """
    try:
        round_id = _round_of(link.case_id)
    except Case.DoesNotExist:
        return None
    store = KeyStore(settings.KEYS)
    try:
        ref = unit_ref(store.round_key(round_id), link.case_id)
    except NotPossible:
        ref = ""  # destroyed after the round was closed, or never made: no response can be reached
    row = _fetched(ref, link.case_id)
    if row is None:
        return None
    case = OpenCase(
        case_id=link.case_id,
        programme_id=row[18],
        round_id=round_id,
        population_id=row[0],
        version_id=row[5],
        content_hash=row[6],
        is_newest_link=row[1] == link.generation,
        disposition=row[2],
        stratum=row[3],
        background=json.loads(row[4]),
        organisation=row[8],
        language_form=row[9],
        round_state=row[10],
        round_title=json.loads(row[11]),
        population_title=json.loads(row[7]),
        is_simulated=row[13] or row[12] == Origin.SIMULATED,
        unit_ref=ref,
        response_id=row[14],
        answers=json.loads(row[15]) if row[15] else {},
        revision=row[16] or 0,
        is_complete=row[17] == ResponseState.COMPLETE or row[2] == Disposition.COMPLETE,
    )
    if case.is_open and not ref:
        raise NotPossible("round.key_missing")
    return case


def _fetched(ref: str, case_id: uuid.UUID) -> tuple[Any, ...] | None:
    """Read the case, on a new connection where the one at hand turns out to be dead.

    Django would ask the database whether the connection lives before every request, which costs a third of
    what a request does here. Reading twice does no harm, so it is tried instead.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _read_case(ref, case_id)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _read_case(ref, case_id)


def _read_case(ref: str, case_id: uuid.UUID) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        _OPEN.run(cursor, [ref, case_id])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


# The round's row is share-locked where a response comes to be or is sent, so that a round that is being
# closed waits for those who were first, and those who come after find it closed.
_BEGIN = """
INSERT INTO fieldwork_response
       (round_id, population_id, unit_ref, stratum, background, state, answers, revision)
SELECT r.id, %s, %s, %s, %s::jsonb, %s, %s::jsonb, 1
  FROM (SELECT id FROM fieldwork_round WHERE id = %s AND state = 'open' FOR SHARE) r
    ON CONFLICT (round_id, unit_ref) DO NOTHING
RETURNING id
"""
_SAVE = Statement(
    "sloyfe_save_answers",
    ("jsonb", "uuid", "integer", "bigint"),
    """
UPDATE fieldwork_response SET answers = $1, revision = revision + 1
 WHERE id = $2 AND revision = $3 AND state = 'partial'
   AND EXISTS (SELECT 1 FROM fieldwork_round WHERE id = $4 AND state = 'open')
""",
)
_SEND = """
UPDATE fieldwork_response s SET answers = %s::jsonb, revision = revision + 1, state = 'complete'
  FROM (SELECT id FROM fieldwork_round WHERE id = %s AND state = 'open' FOR SHARE) r
 WHERE s.id = %s AND s.round_id = r.id AND s.revision = %s AND s.state = 'partial'
"""


def save_answers(
    case: OpenCase, *, changes: Mapping[str, Value | None], revision: int, now: dt.datetime
) -> OpenCase:
    """Save what a person changed on one page, all of it or nothing. Gives the case as it is now.

    `changes` are already checked. `revision` is the one that the page was made from; where something has
    been saved since, `ChangedMeanwhile` is raised and nothing is written. Nothing is written either
    where nothing changes.
    """
    _check_may_answer(case)
    if not changes:
        return case
    if revision != case.revision:
        raise ChangedMeanwhile("answer.changed_elsewhere")
    answers = merge(case.answers, changes)
    if case.response_id is None:
        return _begin(case, answers, ResponseState.PARTIAL, now)
    with connection.cursor() as cursor:
        _SAVE.run(cursor, [json.dumps(answers), case.response_id, revision, case.round_id])
        written = cursor.rowcount
    if not written:
        _say_why(case)
    return replace(case, answers=answers, revision=revision + 1)


def submit(case: OpenCase, *, revision: int, now: dt.datetime) -> str:
    """Send a case's answers for good. Gives the receipt's code.

    Safe to say again: what has been sent stays as it was, and the receipt is the same. Answers to questions
    that routing has hidden are left out. Raises `Unanswered` where something required is left, and
    `ChangedMeanwhile` where the answers are not those that the person looked over.
    """
    receipt = receipt_of(case)
    if case.is_complete:
        return receipt
    _check_may_answer(case)
    problems = check_complete(case.form, case.answers)
    if problems:
        raise Unanswered(problems)
    if revision != case.revision:
        raise ChangedMeanwhile("answer.changed_elsewhere")
    answers = counted(case.form, case.answers)
    if case.response_id is None:
        try:
            _begin(case, answers, ResponseState.COMPLETE, now)
        except (ChangedMeanwhile, NotPossible):
            if not _now(case).is_complete:
                raise
        return receipt
    with transaction.atomic(), connection.cursor() as cursor:
        parameters: list[Any] = [json.dumps(answers), case.round_id, case.response_id, revision]
        cursor.execute(_SEND, parameters)
        written = cursor.rowcount
        if written:
            _move(case, Disposition.COMPLETE, now)
    if not written and not _now(case).is_complete:
        _say_why(case)
    return receipt


def refuse(case: OpenCase, *, now: dt.datetime) -> None:
    """Say that the unit will not take part: what it had begun to answer is deleted. May be said twice.

    The unit may change its mind while the round is open. Refuses where answers have been sent.
    """
    if case.is_complete:
        raise NotPossible("answer.already_sent")
    _check_may_answer(case)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fieldwork_response WHERE round_id = %s AND unit_ref = %s"
            " AND state = 'partial'",
            [case.round_id, case.unit_ref],
        )
        _move(case, Disposition.REFUSED, now)


def receipt_of(case: OpenCase) -> str:
    """Give the code of the case's receipt; it is the same every time."""
    return receipt_code(_link_secret(str(settings.KEYS)), case.case_id)


def _begin(
    case: OpenCase, answers: dict[str, Value], state: ResponseState, now: dt.datetime
) -> OpenCase:
    moved = Disposition.COMPLETE if state is ResponseState.COMPLETE else Disposition.PARTIAL
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _BEGIN,
            [
                case.population_id,
                case.unit_ref,
                case.stratum,
                json.dumps(dict(case.background)),
                state.value,
                json.dumps(answers),
                case.round_id,
            ],
        )
        row = cursor.fetchone()
        if row is not None:
            _move(case, moved, now)
    if row is None:
        _say_why(case)
    return replace(case, response_id=row[0], answers=answers, revision=1)


def _move(case: OpenCase, to: Disposition, now: dt.datetime) -> None:
    """Move the case, with a note that tells the day and never the hour or which response.

    A case and a response that were written at the same second could be put together again.
    """
    today = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fieldwork_case SET disposition = %s,"
            " started_on = CASE WHEN %s THEN COALESCE(started_on, %s) ELSE started_on END,"
            " completed_on = CASE WHEN %s THEN %s ELSE completed_on END"
            " WHERE id = %s AND disposition = ANY(%s)",
            [
                to.value,
                to is not Disposition.REFUSED,
                today,
                to is Disposition.COMPLETE,
                today,
                case.case_id,
                [before.value for before in ANSWERING_COMES_FROM[to]],
            ],
        )
        moved = cursor.rowcount
    if moved:
        midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
        # Built here rather than fetched: the event needs the case's name and programme, nothing else.
        about = Case(
            pk=case.case_id,
            organisation=Organisation(name=case.organisation),
            population=Population(
                title=dict(case.population_title), round=Round(programme_id=case.programme_id)
            ),
        )
        note("fieldwork.case.move", now=midnight, about=about, to=to.value)


def _check_may_answer(case: OpenCase) -> None:
    if not case.is_newest_link:
        raise NotPossible("answer.link_replaced")
    if case.is_complete:
        raise NotPossible("answer.already_sent")
    if not case.is_open:
        raise NotPossible(
            "answer.not_open_yet"
            if case.round_state == RoundState.PLANNED
            else "answer.round_closed"
        )


def _now(case: OpenCase) -> OpenCase:
    """Read the case again, after somebody else turned out to have been quicker."""
    generation = Case.objects.values_list("link_generation", flat=True).get(pk=case.case_id)
    again = open_case(Link(case.case_id, generation))
    if again is None:
        raise NotPossible("answer.link_replaced")
    return again


def _say_why(case: OpenCase) -> None:
    """Nothing was written: raise the reason."""
    _check_may_answer(_now(case))
    raise ChangedMeanwhile("answer.changed_elsewhere")
