"""Planning, opening and closing the reporting of a year, and asking one more municipality to report."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sloyfe.delivery.actions import reports as actions
from sloyfe.delivery.forms.reports import ExpectForm, ReportingYearForm, initial_of
from sloyfe.delivery.models import ReportingYear, YearlyReport
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.queries.reporting_days import ProposedDates, propose_dates
from sloyfe.delivery.queries.reports import agreements_on, report_forms
from sloyfe.delivery.views.pages import fetch_programme
from sloyfe.delivery.views.place import attempt
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.ui.components import Crumb
from sloyfe.ui.middleware import say


def _programme(request: HttpRequest, slug: str) -> Programme:
    found = fetch_programme(request, slug, timezone.localdate())
    request.programme = found  # type: ignore[attr-defined]
    return found


def _year(request: HttpRequest, slug: str, year: int) -> ReportingYear:
    found = (
        ReportingYear.objects.filter(programme=_programme(request, slug), year=year)
        .select_related("programme", "form__instrument")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _back(year: ReportingYear) -> str:
    query = f"?program={year.programme.slug}&aar={year.year}"
    return reverse("delivery:reporting") + query


def _show(
    request: HttpRequest, form: Any, title: str, submit: str, *, lead: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "lead": lead,
        "crumbs": [Crumb(_("Reporting"), reverse("delivery:reporting")), Crumb(title)],
    }
    status = 422 if form.errors else 200
    return render(request, "ui/form_page.html", context, status=status)


@require_http_methods(["GET", "POST"])
def plan_year(request: HttpRequest, programme: str) -> HttpResponseBase:
    """Plan the reporting of a year."""
    found = _programme(request, programme)
    today = timezone.localdate()
    permissions.check_may_plan_year(request.user, found.pk, today)
    newest = found.reporting_years.order_by("-year").values_list("year", flat=True).first()
    year = newest + 1 if newest else today.year - 1
    proposed = propose_dates(found, year)
    initial: dict[str, Any] = {"year": year, **vars(proposed.dates)}
    form = ReportingYearForm(
        request.POST if request.method == "POST" else None,
        versions=report_forms(found),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: actions.plan_year(
                programme=found,
                year=form.cleaned_data["year"],
                form=form.cleaned_data["form"],
                dates=form.dates(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if made is not None:
            say(request, _("The reporting is planned. Open it when the municipalities can begin."))
            return redirect(_back(made))
    return _show(
        request,
        form,
        _("Plan the reporting of a year"),
        _("Plan the reporting"),
        lead=_lead(proposed, year + 1),
    )


def _lead(proposed: ProposedDates, after: int) -> str:
    """Say where the proposed days come from."""
    if proposed.on_wheel == 4:
        return _("The days are those of the year wheel.")
    if proposed.on_wheel:
        return _(
            "The days are those of the year wheel, as far as it has them for %(year)s."
            " The others are a proposal."
        ) % {"year": after}
    if proposed.as_before:
        return _(
            "The year wheel has no days for the reporting in %(year)s yet."
            " The days are proposed as they were the year before."
        ) % {"year": after}
    return _(
        "The year wheel has no days for the reporting in %(year)s."
        " The days are proposed a month or so apart."
    ) % {"year": after}


@require_http_methods(["GET", "POST"])
def change_year(request: HttpRequest, programme: str, year: int) -> HttpResponseBase:
    """Change form and days before the reporting is opened."""
    found = _year(request, programme, year)
    permissions.check_may_change_year(request.user, found, timezone.localdate())
    form = ReportingYearForm(
        request.POST if request.method == "POST" else None,
        versions=report_forms(found.programme),
        initial=initial_of(found),
    )
    del form.fields["year"]
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: actions.change_year(
                year=found,
                form=form.cleaned_data["form"],
                dates=form.dates(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if saved is not None:
            say(request, _("The days are saved."))
            return redirect(_back(found))
    title = _("Change the reporting for %(year)s") % {"year": year}
    return _show(request, form, title, _("Save"))


@require_POST
def open_year(request: HttpRequest, programme: str, year: int) -> HttpResponseBase:
    """Open the reporting and ask the municipalities to report."""
    found = _year(request, programme, year)
    reports = actions.open_year(year=found, actor=request.user, now=timezone.now())
    text = ngettext(
        "The reporting is open. %(number)s municipality has been asked to report.",
        "The reporting is open. %(number)s municipalities have been asked to report.",
        len(reports),
    )
    say(request, text % {"number": len(reports)})
    return redirect(_back(found))


@require_POST
def close_year(request: HttpRequest, programme: str, year: int) -> HttpResponseBase:
    """Close the reporting: nobody is reminded any more."""
    found = _year(request, programme, year)
    actions.close_year(year=found, actor=request.user, now=timezone.now())
    say(request, _("The reporting is closed. Nobody is reminded any more."))
    return redirect(_back(found))


@require_http_methods(["GET", "POST"])
def expect_report(request: HttpRequest, programme: str, year: int) -> HttpResponseBase:
    """Ask one more municipality to report."""
    found = _year(request, programme, year)
    today = timezone.localdate()
    permissions.check_may_expect(request.user, found, None, today)
    reach = reach_of(request.user, today)
    ids = set(agreements_on(found.programme, today)) - set(
        YearlyReport.objects.filter(reporting_year=found).values_list("municipality_id", flat=True)
    )
    if found.programme_id not in reach.above:
        ids &= reach.region
    choices = Organisation.objects.filter(pk__in=ids).order_by("sort_key")
    form = ExpectForm(request.POST if request.method == "POST" else None, municipalities=choices)
    if not ids and request.method == "GET":
        context = {
            "title": _("Ask one more municipality to report"),
            "what": _(
                "Every municipality with an agreement in force has a report for this year already."
            ),
            "back": _back(found),
            "crumbs": [Crumb(_("Reporting"), _back(found)), Crumb(_("Ask one more municipality"))],
        }
        return render(request, "delivery/reports/nobody_left.html", context)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: actions.expect_report(
                year=found,
                municipality=form.cleaned_data["municipality"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if made is not None:
            say(
                request,
                _("%(municipality)s has been asked to report.")
                % {"municipality": made.municipality.name},
            )
            return redirect(_back(found))
    return _show(
        request,
        form,
        _("Ask one more municipality to report"),
        _("Ask the municipality"),
    )
