"""Writing and answering comments. The subject that is commented on has decided who may."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import ANSWERS, LONGEST, Outcome
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.common.persons import birth_number_line
from sloyfe.common.twice import SENT_TWICE_WITHIN


def _readable(text: str, empty: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NotPossible(empty)
    if len(text) > LONGEST:
        raise NotPossible("comments.too_long", most=LONGEST)
    if "\x00" in text:
        raise NotPossible("comments.unreadable")
    if (line := birth_number_line(text)) is not None:
        raise NotPossible("comments.birth_number", line=line)
    return text


def write_comment(
    *, about: models.Model, anchor: str, text: str, actor: Person, now: dt.datetime
) -> Comment:
    """Put one comment on one place of a draft. Raises NotPossible for an empty or too long text.

    The same comment from the same person within some minutes is the one that stands there already.
    """
    text = _readable(text, "comments.empty")
    with transaction.atomic():
        # One at a time about a thing, so that of two at once the second sees the first.
        type(about)._base_manager.select_for_update(no_key=True).get(pk=about.pk)
        return _said_already(about, anchor, text, actor, now) or _write(
            about, anchor, text, actor, now
        )


def _said_already(
    about: models.Model, anchor: str, text: str, actor: Person, now: dt.datetime
) -> Comment | None:
    return (
        Comment.objects.about(about)
        .unanswered()
        .filter(anchor=anchor, author=actor, text=text, made_at__gt=now - SENT_TWICE_WITHIN)
        .first()
    )


def _write(about: models.Model, anchor: str, text: str, actor: Person, now: dt.datetime) -> Comment:
    with action("comments.comment.write", actor=actor, now=now, anchor=anchor) as event:
        comment = Comment.objects.create(
            about_kind=about._meta.label_lower,
            about_id=str(about.pk),
            anchor=anchor,
            author=actor,
            text=text,
            made_at=now,
        )
        set_about(event, about)
    return comment


def answer_comment(
    *,
    comment: Comment,
    about: models.Model,
    outcome: str,
    answer: str,
    actor: Person,
    now: dt.datetime,
    revision: int | None = None,
) -> Comment:
    """Tell what was done with a comment and why; a later answer replaces an earlier one, which is kept.

    `revision` is that of the answer as it was read, 0 where there was none (None: unchecked). Raises
    ChangedMeanwhile when somebody has answered since.
    """
    if outcome not in [kind.value for kind in ANSWERS]:
        raise NotPossible("comments.no_outcome")
    answer = _readable(answer, "comments.no_reason")
    with action(
        "comments.comment.answer", actor=actor, now=now, about=about, outcome=outcome
    ) as event:
        locked = Comment.objects.select_for_update().get(pk=comment.pk)
        if revision is not None and locked.answer_revision != revision:
            raise ChangedMeanwhile("comments.answered_meanwhile")
        if locked.is_answered:
            event.action = "comments.comment.mend_answer"
        _settle(locked, outcome, answer, actor, now)
    return locked


def withdraw_comment(
    *, comment: Comment, about: models.Model, why: str, actor: Person, now: dt.datetime
) -> Comment:
    """Withdraw what has no answer, so that nobody waits for one; why stands where the answer would have."""
    why = _readable(why, "comments.no_reason")
    with action("comments.comment.withdraw", actor=actor, now=now, about=about):
        locked = Comment.objects.select_for_update().get(pk=comment.pk)
        if locked.is_answered:
            raise NotPossible("comments.answered_already")
        _settle(locked, Outcome.WITHDRAWN.value, why, actor, now)
    return locked


def _settle(comment: Comment, outcome: str, answer: str, actor: Person, now: dt.datetime) -> None:
    comment.outcome = outcome
    comment.answer = answer
    comment.answered_by = actor
    comment.answered_at = now
    comment.answer_revision += 1
    comment.save(
        update_fields=["outcome", "answer", "answered_by", "answered_at", "answer_revision"]
    )
