"""Questions about the bank, the versions and what is shared between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from sloyfe.comments.models import Comment, CommentQuerySet
from sloyfe.instruments.models import Instrument, Item, ItemUse, Scale, Version
from sloyfe.instruments.rules import VersionState
from sloyfe.instruments.rules.bank import Bank, BankItem, BankVariant
from sloyfe.programme.models import Programme

OPEN = [VersionState.DRAFT.value, VersionState.COMMENTING.value, VersionState.PILOT.value]


def bank_of(programme: Programme) -> Bank:
    """Give a programme's bank as plain values, as the rules read it."""
    scales = {scale.code: scale.options for scale in Scale.objects.filter(programme=programme)}
    items: dict[str, BankItem] = {}
    rows = Item.objects.filter(programme=programme).select_related("scale")
    for item in rows.prefetch_related("variants__scale"):
        variants = {
            variant.code: BankVariant(
                variant.code,
                variant.text,
                variant.help or None,
                variant.scale.code if variant.scale else None,
            )
            for variant in item.variants.all()
        }
        items[item.code] = BankItem(
            item.code,
            item.text,
            item.help or None,
            item.scale.code if item.scale else None,
            variants,
        )
    return Bank(scales, items)


def open_version(instrument: Instrument) -> Version | None:
    """Give the version that is being worked on, if there is one."""
    return instrument.versions.filter(state__in=OPEN).first()


def latest_version(instrument: Instrument) -> Version | None:
    """Give the version with the highest number."""
    return instrument.versions.order_by("-number").first()


def next_number(instrument: Instrument) -> int:
    """Give the number that the next version gets."""
    highest: int | None = instrument.versions.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def previous_version(version: Version) -> Version | None:
    """Give the version before this one."""
    return (
        Version.objects.filter(instrument=version.instrument_id, number__lt=version.number)
        .select_related("instrument__programme")
        .order_by("-number")
        .first()
    )


def last_released(version: Version) -> Version | None:
    """Give the newest version before this one that has been in use, retired or not."""
    return (
        Version.objects.filter(
            instrument=version.instrument_id,
            number__lt=version.number,
            state__in=[VersionState.RELEASED.value, VersionState.RETIRED.value],
        )
        .order_by("-number")
        .first()
    )


def released_version(programme: Programme, code: str) -> Version | None:
    """Give the version of an instrument that is in use."""
    return (
        Version.objects.filter(
            instrument__programme=programme,
            instrument__code=code,
            state=VersionState.RELEASED.value,
        )
        .order_by("-number")
        .first()
    )


def comments_on(version: Version) -> CommentQuerySet:
    """Give the comments on a version, in the order they were written."""
    return Comment.objects.all().about(version)


@dataclass(frozen=True)
class Shared:
    """Another instrument that asks the same item, and in which variant."""

    title: Mapping[str, str]
    variant: str
    same: bool


def shared_items(version: Version) -> dict[str, list[Shared]]:
    """Give, by item code, the other instruments of the programme whose newest version asks the item.

    `same` tells that both use the same wording and scale. Two statements, whatever the size.
    """
    programme = version.instrument.programme_id
    newest = (
        Version.objects.filter(instrument__programme=programme)
        .exclude(instrument=version.instrument_id)
        .order_by("instrument", "-number")
        .distinct("instrument")
        .values("pk")
    )
    own = {
        code: variant or ""
        for code, variant in version.item_uses.values_list("item__code", "variant__code")
    }
    found: dict[str, list[Shared]] = {}
    rows = (
        ItemUse.objects.filter(version__in=newest, item__code__in=list(own))
        .order_by("version__instrument__code")
        .values_list("item__code", "version__instrument__title", "variant__code")
    )
    for code, title, variant in rows:
        found.setdefault(code, []).append(
            Shared(title, variant or "", (variant or "") == own[code])
        )
    return found
