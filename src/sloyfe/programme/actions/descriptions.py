"""Writing the introductions of a programme description, and publishing a version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import F

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.programme.models import DescriptionDraft, DescriptionVersion, Programme
from sloyfe.programme.permissions.descriptions import check_may_publish_description
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.descriptions import newest_version
from sloyfe.programme.rules.descriptions import (
    CHAPTERS,
    INTRODUCTION_LANGUAGES,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
    Audience,
    Chapter,
    as_data,
    content_hash,
)


def save_introductions(
    *,
    programme: Programme,
    audience: Audience,
    introductions: Mapping[str, Mapping[str, str]],
    revision: int,
    actor: Visitor,
    now: dt.datetime,
) -> DescriptionDraft:
    """Write what stands before the data in each chapter: chapter → language → text.

    Refuses when somebody else has written since `revision`.
    """
    check_may_publish_description(actor, programme, now.date())
    kept = {
        chapter: {
            language: texts[language].strip()
            for language in INTRODUCTION_LANGUAGES
            if texts.get(language, "").strip()
        }
        for chapter, texts in introductions.items()
        if chapter in CHAPTERS[audience]
    }
    if any(len(text) > LONGEST_INTRODUCTION for texts in kept.values() for text in texts.values()):
        raise NotPossible("programme.description.too_long", most=LONGEST_INTRODUCTION)
    with action(
        "programme.description.write",
        actor=actor,
        now=now,
        about=programme,
        audience=audience.value,
    ):
        draft, _ = DescriptionDraft.objects.get_or_create(
            programme=programme, audience=audience.value
        )
        written = DescriptionDraft.objects.filter(pk=draft.pk, revision=revision).update(
            introductions={chapter: texts for chapter, texts in kept.items() if texts},
            revision=F("revision") + 1,
        )
        if not written:
            raise ChangedMeanwhile("programme.description.changed_meanwhile")
    draft.refresh_from_db()
    return draft


def publish_version(
    *,
    programme: Programme,
    audience: Audience,
    chapters: Sequence[Chapter],
    note: str,
    looked_at: str,
    actor: Visitor,
    now: dt.datetime,
) -> DescriptionVersion:
    """Publish a description as the data stands now. It never changes from then on.

    `looked_at` is the fingerprint of what the person looked over: when the data has changed since, nothing is
    published. A version that says the same as the one before is none. Later versions say what changed.
    """
    check_may_publish_description(actor, programme, now.date())
    written = note.strip()
    if len(written) > LONGEST_NOTE:
        raise NotPossible("programme.description.note_too_long", most=LONGEST_NOTE)
    fingerprint = content_hash(chapters)
    if fingerprint != looked_at:
        raise ChangedMeanwhile("programme.description.data_changed")
    with action(
        "programme.description.publish", actor=actor, now=now, audience=audience.value
    ) as event:
        # Of two at once, the second waits here and finds that it has nothing new to say.
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        before = newest_version(programme, audience)
        if before is not None and before.content_hash == fingerprint:
            raise NotPossible("programme.description.nothing_new", number=before.number)
        if before is not None and not written:
            raise NotPossible("programme.description.needs_note")
        version = DescriptionVersion.objects.create(
            programme=programme,
            audience=audience.value,
            number=before.number + 1 if before else 1,
            published_at=now,
            content=as_data(chapters),
            content_hash=fingerprint,
            note=written,
        )
        set_about(event, version)
        event.about_name = str(programme)
        event.details["number"] = version.number
    return version
