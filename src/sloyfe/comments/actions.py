"""Writing and answering comments. The subject that is commented on has decided who may."""

from __future__ import annotations

import datetime as dt

from django.db import models

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import ANSWERS, LONGEST
from sloyfe.common.errors import NotPossible
from sloyfe.common.persons import birth_number_line


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
    """Put one comment on one place of a draft. Raises NotPossible for an empty or too long text."""
    text = _readable(text, "comments.empty")
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
) -> Comment:
    """Tell what was done with a comment and why; a later answer replaces an earlier one."""
    if outcome not in [kind.value for kind in ANSWERS]:
        raise NotPossible("comments.no_outcome")
    answer = _readable(answer, "comments.no_reason")
    with action("comments.comment.answer", actor=actor, now=now, about=about, outcome=outcome):
        locked = Comment.objects.select_for_update().get(pk=comment.pk)
        locked.outcome = outcome
        locked.answer = answer
        locked.answered_by = actor
        locked.answered_at = now
        locked.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    return locked
