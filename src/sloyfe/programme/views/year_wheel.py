"""Pages of the year wheel: which dates concern whom, setting and moving them, and the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.common.keys import KeyStore
from sloyfe.organisations.models import Organisation
from sloyfe.programme import permissions
from sloyfe.programme.actions import year_wheel as actions
from sloyfe.programme.forms.wording import spread
from sloyfe.programme.forms.year_wheel import CancelForm, DateForm
from sloyfe.programme.models import Programme, YearDate
from sloyfe.programme.models.year_wheel import SEES_EVERY_DATE
from sloyfe.programme.permissions.year_wheel import FOR_EVERYBODY
from sloyfe.programme.queries import has_capacity, roles_of
from sloyfe.programme.queries import mandates as mandate_queries
from sloyfe.programme.queries import year_wheel as queries
from sloyfe.programme.rules.calendar import CalendarEntry, calendar_text, key_fits
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import (
    ChangeKind,
    DateKind,
    OwnDay,
    Reader,
    concerns_any,
    needs_reason,
    without_doubles,
)
from sloyfe.programme.texts.mandates import ROLE_TEXT
from sloyfe.programme.texts.year_wheel import DATE_CHANGE_TEXT, DATE_KIND_TEXT
from sloyfe.programme.views.overloads import ask_about_overloads, overload_reason
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

MINE, ALL = "meg", "alle"
# Those whose calendar is their own municipality's or office's, since most of it concerns nobody else.
HAVE_OWN = (RoleKind.MUNICIPALITY, RoleKind.REGIONAL_OFFICE)
# A calendar holds what has been for so long; nobody looks further back in it.
PAST_DAYS = 120
AHEAD_DAYS = 5 * 366
FEED_LANGUAGES = ("nb", "nn", "en-gb")


def fetch_programme(request: HttpRequest, slug: str) -> Programme:
    """Give a programme whose wheel somebody may see: any real one, an exercise to those who take part."""
    mine = {role.programme_id for role in roles_of(request.user, timezone.localdate())}
    found = Programme.objects.filter(slug=slug).first()
    if found is None or (found.is_simulated and found.pk not in mine):
        raise Http404
    request.programme = found  # type: ignore[attr-defined]
    return found


def _crumbs(programme: Programme, last: str = "") -> list[Crumb]:
    way = [Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))]
    if not last:
        return [*way, Crumb(_("Year wheel"))]
    return [
        *way,
        Crumb(_("Year wheel"), reverse("programme:year_wheel", args=[programme.slug])),
        Crumb(last),
    ]


@require_safe
def year_wheel(request: HttpRequest, slug: str) -> HttpResponse:
    """Which dates concern me in the next twelve months?"""
    programme = fetch_programme(request, slug)
    today = timezone.localdate()
    mine = queries.own_roles(request.user, programme, today)
    own = [each.reader.role for each in mine]
    wide = has_capacity(request.user, today, programme.pk, *SEES_EVERY_DATE)
    chosen = request.GET.get("for", "") or (ALL if wide or not own else MINE)
    readers: list[Reader] | None
    if chosen in set(RoleKind) and wide:
        readers = own_readers = [Reader(RoleKind(chosen))]
    else:
        readers = own_readers = [each.reader for each in mine]
        if chosen != MINE or not own:
            chosen, readers = ALL, None
            # Whoever sees every date sees what concerns a whole role too, and of single municipalities their own.
            own_readers = [*own_readers, *(Reader(role) for role in RoleKind if wide)]
    months = queries.year_wheel(programme, request.user, readers, today, own_readers)
    may_add = not refusal_text(permissions.check_may_add_dates, request.user, programme, today)
    everywhere = has_capacity(request.user, today, programme.pk, *FOR_EVERYBODY)
    regions = {row.pk for row in queries.own_regions(request.user, programme, today)}
    shown_roles = list(RoleKind)
    shown: list[dict[str, Any]] = [
        {
            "first": month.first,
            "rows": [
                _shown_own(row, today)
                if isinstance(row, OwnDay)
                else _shown(row, everywhere or row.date.region_id in regions, today)
                for row in month.dates
            ],
        }
        for month in months
        if month.dates
    ]
    to_come = [
        row
        for month in shown
        for row in month["rows"]
        if not row["has_been"] and not row["is_cancelled"]
    ]
    context = {
        "programme": programme,
        "crumbs": _crumbs(programme),
        "months": shown,
        "number": len(to_come),
        # What has begun already is no longer to come, though it still counts.
        "next": next((row for row in to_come if row["starts_on"] >= today), None),
        "mine": chosen == MINE,
        "municipal": RoleKind.MUNICIPALITY in own,
        "chosen": chosen,
        "choices": _choices(own, wide, shown_roles),
        "add": Button(_("Add a date"), reverse("programme:add_date", args=[slug]), method="get")
        if may_add
        else None,
        "feeds": _feeds(programme, mine),
    }
    return render(request, "programme/year_wheel.html", context)


def _choices(own: list[RoleKind], wide: bool, roles: Iterable[RoleKind]) -> list[tuple[str, Any]]:
    if not own:
        return []
    mine = (
        _("What concerns my municipality")
        if RoleKind.MUNICIPALITY in own
        else _("What concerns my office")
    )
    found: list[tuple[str, Any]] = [(MINE, mine), (ALL, _("All dates"))]
    if wide:
        found += [(role.value, ROLE_TEXT[role]) for role in roles if role is not RoleKind.AUDITOR]
    return found


def _shown(row: queries.WheelDate, may_change: bool, today: dt.date) -> dict[str, Any]:
    date, change = row.date, row.change
    has_been = (date.ends_on or date.starts_on) < today
    concerns = [", ".join(str(ROLE_TEXT[RoleKind(role)]) for role in date.roles)]
    if date.subprogramme:
        concerns.append(pick(date.subprogramme.title))
    if date.region:
        region = pick(date.region.title) or date.region.name
        concerns.append(_("region %(region)s") % {"region": region})
    if date.arena:
        concerns.append(pick(date.arena.text))
    return {
        "id": f"date-{date.code}",
        "code": date.code,
        "title": pick(date.title),
        "starts_on": date.starts_on,
        "ends_on": date.ends_on,
        "kind": DATE_KIND_TEXT[DateKind(date.kind)],
        "concerns": " · ".join(concerns),
        "is_cancelled": date.is_cancelled,
        "change": change,
        "mark": DATE_CHANGE_TEXT[ChangeKind(change.kind)] if change else "",
        "mark_color": "danger" if date.is_cancelled else "warning",
        "old": queries.was_before(change) if change else None,
        "has_been": has_been,
        "is_under_way": not has_been and date.starts_on < today,
        "may_change": may_change and not has_been and not date.is_cancelled,
    }


def _shown_own(day: OwnDay, today: dt.date) -> dict[str, Any]:
    """Show a day that another subject keeps; it is changed on the page that it leads to."""
    return {
        "id": f"day-{day.code.replace('.', '-')}",
        "title": day.title,
        "url": day.url,
        "starts_on": day.day,
        "ends_on": None,
        "kind": DATE_KIND_TEXT[day.kind],
        "concerns": day.concerns or ", ".join(str(ROLE_TEXT[role]) for role in day.roles),
        "is_cancelled": day.is_cancelled,
        "mark": DATE_CHANGE_TEXT[ChangeKind.CANCELLED] if day.is_cancelled else "",
        "mark_color": "danger",
        "has_been": day.day < today,
    }


def _feeds(programme: Programme, mine: Iterable[queries.OwnRole]) -> list[dict[str, Any]]:
    """Give the calendars of a reader: their own municipality's or office's, else that of their role."""
    language = translation.get_language() or "nb"
    query = f"?sprak={language}" if language in FEED_LANGUAGES and language != "nb" else ""
    found = []
    if not programme.is_simulated:
        path = reverse("programme:public_calendar", args=[programme.slug])
        found.append((_("Dates that concern municipalities"), path))
    for each in mine:
        role, organisation = each.reader.role, each.organisation
        if role not in HAVE_OWN:
            key = queries.key_of_feed(programme, role)
            path = reverse("programme:calendar", args=[programme.slug, role.value, key])
            found.append((_("Dates for: %(role)s") % {"role": ROLE_TEXT[role]}, path))
            continue
        key = queries.key_of_feed(programme, role, organisation)
        names = [programme.slug, role.value, organisation.slug, key]
        path = reverse("programme:own_calendar", args=names)
        found.append((_("Dates for: %(role)s") % {"role": organisation.name}, path))
    return [
        {"title": title, "path": path + query, "address": settings.BASE_URL + path + query}
        for title, path in dict.fromkeys(found)
    ]


# Setting, moving and cancelling


def _date_form(request: HttpRequest, programme: Programme, date: YearDate | None) -> DateForm:
    today = timezone.localdate()
    everywhere = has_capacity(request.user, today, programme.pk, *FOR_EVERYBODY)
    regions = (
        list(programme.regions.all())
        if everywhere
        else queries.own_regions(request.user, programme, today)
    )
    first: dict[str, Any] = {"kind": DateKind.OTHER.value}
    if date is not None:
        first = spread("title", date.title) | {
            "kind": date.kind,
            "starts_on": date.starts_on,
            "ends_on": date.ends_on,
            "roles": date.roles,
            "effort_days": date.effort_days,
            "region": date.region.code if date.region else "",
            "subprogramme": date.subprogramme.code if date.subprogramme else "",
            "arena": date.arena.code if date.arena else "",
            "sequence": date.sequence,
        }
    return DateForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        programme=programme,
        regions=regions,
        everywhere=everywhere,
    )


def _form_page(
    request: HttpRequest, programme: Programme, form: Any, title: str, **more: Any
) -> HttpResponse:
    context = {
        "programme": programme,
        "form": form,
        "title": title,
        "submit": _("Save the date"),
        "crumbs": _crumbs(programme, title),
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "programme/date_form.html", context, status=status)


def _lacks_reason(form: DateForm, date: YearDate | None, today: dt.date) -> bool:
    """Tell whether a reason is needed that is not written, and say so in the form."""
    data = form.cleaned_data
    days = [data["starts_on"]]
    if date is not None:
        if (date.starts_on, date.ends_on) == (form.facts.starts_on, form.facts.ends_on):
            return False
        days.append(date.starts_on)
    if data["starts_on"] < today:
        form.add_error("starts_on", _("The day has been already. Choose today or a later day."))
        return True
    if needs_reason(today, *days) and not data["reason"].strip():
        form.add_error(
            "reason",
            _("Less than a year is left. Write why, so that those concerned can be told."),
        )
        return True
    return False


@require_http_methods(["GET", "POST"])
def add_date(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a date on the year wheel."""
    programme = fetch_programme(request, slug)
    today = timezone.localdate()
    permissions.check_may_add_dates(request.user, programme, today)
    form = _date_form(request, programme, None)
    title = _("Add a date")
    if request.method == "POST" and form.is_valid() and not _lacks_reason(form, None, today):
        too_much = mandate_queries.overloads_by_date(programme, form.facts.asked(None), today)
        asked = ask_about_overloads(
            request,
            programme,
            too_much,
            what=form.wording("title"),
            submit=_("Set the date all the same"),
            crumbs=_crumbs(programme, title),
        )
        if asked is not None:
            return asked
        if "back" not in request.POST:
            date = actions.add_date(
                programme=programme,
                facts=form.facts,
                reason=form.cleaned_data["reason"],
                overload_reason=overload_reason(request),
                actor=request.user,
                now=timezone.now(),
            )
            say(request, _told(date, _("The date is on the year wheel.")))
            return redirect("programme:year_wheel", slug)
    return _form_page(request, programme, form, title)


def _told(date: YearDate, done: str) -> str:
    latest = date.changes.order_by("-made_at", "-pk").first()
    number = latest.announcements.count() if latest else 0
    if latest is None:
        return done
    silent = len(queries.without_address(date, timezone.localdate()))
    told = ngettext(
        "%(number)s person gets an e-mail.", "%(number)s people get an e-mail.", number
    ) % {"number": number}
    if silent:
        told += " " + ngettext(
            "%(number)s municipality or office has no address here, and must be told in another way."
            " It is on the page where the date is changed.",
            "%(number)s municipalities and offices have no address here, and must be told in another"
            " way. They stand on the page where the date is changed.",
            silent,
        ) % {"number": silent}
    return f"{done} {told}"


def _fetch_date(request: HttpRequest, slug: str, code: str) -> YearDate:
    programme = fetch_programme(request, slug)
    date: YearDate = get_visible_or_404(
        YearDate.objects.select_related("programme", "region", "subprogramme", "arena"),
        request.user,
        programme=programme,
        code=code,
    )
    return date


@require_http_methods(["GET", "POST"])
def change_date(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change a date on the year wheel, or move it."""
    date = _fetch_date(request, slug, code)
    today = timezone.localdate()
    permissions.check_may_change_date(request.user, date, today)
    programme = date.programme
    form = _date_form(request, programme, date)
    title = _("Change a date")
    cancel = Button(
        _("Cancel the date"),
        reverse("programme:cancel_date", args=[slug, code]),
        method="get",
        variant="tertiary",
        color="danger",
    )
    if request.method == "POST" and form.is_valid() and not _lacks_reason(form, date, today):
        too_much = mandate_queries.overloads_by_date(programme, form.facts.asked(date.pk), today)
        asked = ask_about_overloads(
            request,
            programme,
            too_much,
            what=form.wording("title"),
            submit=_("Set the date all the same"),
            crumbs=_crumbs(programme, title),
        )
        if asked is not None:
            return asked
        if "back" not in request.POST:
            sequence = form.cleaned_data["sequence"]
            changed = actions.change_date(
                date=date,
                facts=form.facts,
                sequence=date.sequence if sequence is None else sequence,
                reason=form.cleaned_data["reason"],
                overload_reason=overload_reason(request),
                actor=request.user,
                now=timezone.now(),
            )
            moved = date.starts_on != changed.starts_on or date.ends_on != changed.ends_on
            done = _("The date is changed.")
            say(request, _told(changed, done) if moved else done)
            return redirect("programme:year_wheel", slug)
    silent = queries.without_address(date, today)
    return _form_page(request, programme, form, title, cancel=cancel, silent=silent)


@require_http_methods(["GET", "POST"])
def cancel_date(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Cancel a date, with a reason where less than a year is left."""
    date = _fetch_date(request, slug, code)
    today = timezone.localdate()
    permissions.check_may_cancel_date(request.user, date, today)
    form = CancelForm(request.POST if request.method == "POST" else None)
    near = needs_reason(today, date.starts_on)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if near and not reason.strip():
            form.add_error(
                "reason",
                _("Less than a year is left. Write why, so that those concerned can be told."),
            )
        else:
            done = actions.cancel_date(
                date=date, reason=reason, actor=request.user, now=timezone.now()
            )
            say(request, _told(done, _("The date is cancelled.")))
            return redirect("programme:year_wheel", slug)
    return _form_page(
        request,
        date.programme,
        form,
        _("Cancel “%(title)s”?") % {"title": pick(date.title)},
        date=date,
        submit=_("Cancel the date"),
        color="danger",
    )


# Calendars


@require_safe
def public_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of a real programme that concern municipalities, for everybody's calendar."""
    programme = Programme.objects.filter(slug=slug, is_simulated=False).first()
    if programme is None:
        raise Http404
    today = timezone.localdate()
    # Nothing of single municipalities, nor of what the offices do among themselves: only dates of the wheel.
    return _calendar(request, programme, Reader(RoleKind.MUNICIPALITY), today, with_own=False)


@require_safe
def calendar(request: HttpRequest, slug: str, role: str, key: str) -> HttpResponse:
    """The dates of a role, at an address that only those with the role have been shown."""
    secret = KeyStore(settings.KEYS).link_secret()
    programme = Programme.objects.filter(slug=slug).first()
    # Nothing tells a wrong key from a programme or role that is not there.
    if not key_fits(secret, slug, role, key) or programme is None or role not in set(RoleKind):
        raise Http404
    return _calendar(request, programme, Reader(RoleKind(role)), timezone.localdate())


@require_safe
def own_calendar(
    request: HttpRequest, slug: str, role: str, organisation: str, key: str
) -> HttpResponse:
    """The dates of one municipality or regional office, as long as it takes part."""
    secret = KeyStore(settings.KEYS).link_secret()
    programme = Programme.objects.filter(slug=slug).first()
    if not key_fits(secret, slug, role, key, organisation) or programme is None:
        raise Http404
    today = timezone.localdate()
    kind = RoleKind(role) if role in set(HAVE_OWN) else None
    found = queries.participant(programme, kind, organisation, today) if kind else None
    if kind is None or found is None:
        raise Http404
    reader = queries.reader_of(programme, kind, found, today)
    return _calendar(request, programme, reader, today, of=found)


def _calendar(
    request: HttpRequest,
    programme: Programme,
    reader: Reader,
    today: dt.date,
    *,
    of: Organisation | None = None,
    with_own: bool = True,
) -> HttpResponse:
    language = request.GET.get("sprak", "nb")
    starts, ends = today - dt.timedelta(PAST_DAYS), today + dt.timedelta(AHEAD_DAYS)
    with translation.override(language if language in FEED_LANGUAGES else "nb"):
        rows = [
            row
            for row in queries.wheel_rows(programme.year_dates.all(), starts, ends)
            if concerns_any(row.reach, [reader])
        ]
        entries = [_entry(programme, row) for row in rows]
        if with_own:
            own = queries.own_days(programme, [reader], starts, ends, today)
            entries += [
                _own_entry(programme, day) for day in without_doubles(own, queries.told_by(rows))
            ]
        slots = {"programme": pick(programme.title), "name": of.name if of else ""}
        name = (
            _("Year wheel for %(name)s: %(programme)s") if of else _("Year wheel: %(programme)s")
        ) % slots
        text = calendar_text(name, entries)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    # A phone opens it in its calendar; one that subscribes does not mind.
    file = f"{programme.slug}-{of.slug if of else reader.role.value}.ics"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _host() -> str:
    return settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]


def _own_entry(programme: Programme, day: OwnDay) -> CalendarEntry:
    told = [str(DATE_KIND_TEXT[day.kind])]
    if programme.is_simulated:
        told.append(_("Exercise: not a real date."))
    return CalendarEntry(
        # No code of a date of the wheel holds a full stop, so no two have the same.
        uid=f"{programme.slug}.{day.code}@{_host()}",
        summary=day.title,
        starts_on=day.day,
        ends_on=None,
        changed_at=day.changed_at,
        sequence=day.sequence,
        is_cancelled=day.is_cancelled,
        description="\n".join(told),
        url=settings.BASE_URL + day.url,
    )


def _entry(programme: Programme, row: YearDate) -> CalendarEntry:
    narrowed = [pick(part.title) for part in (row.subprogramme, row.region) if part is not None]
    title = pick(row.title)
    told = [str(DATE_KIND_TEXT[DateKind(row.kind)])]
    change = next(iter(row.changes.all()), None)
    if change is not None:
        told.append(
            _("%(what)s: %(reason)s")
            % {"what": DATE_CHANGE_TEXT[ChangeKind(change.kind)], "reason": change.reason}
        )
    if programme.is_simulated:
        told.append(_("Exercise: not a real date."))
    return CalendarEntry(
        uid=f"{programme.slug}-{row.code}@{_host()}",
        summary=f"{title} ({', '.join(narrowed)})" if narrowed else title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        changed_at=row.changed_at,
        sequence=row.sequence,
        is_cancelled=row.is_cancelled,
        description="\n".join(told),
        url=settings.BASE_URL + reverse("programme:year_wheel", args=[programme.slug]),
    )
