"""Pages of the standing groups: the list, one group, its members and the issues that it raises."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.delivery.actions import groups as actions
from sloyfe.delivery.actions.matters import ask_matter
from sloyfe.delivery.forms.groups import GroupForm, LeaveForm, MemberForm
from sloyfe.delivery.forms.matters import MatterForm
from sloyfe.delivery.models import GroupMember, StandingGroup
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import groups as permissions
from sloyfe.delivery.queries import groups as queries
from sloyfe.delivery.queries.offices import OFFICES, offices_with
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import GroupRole, MatterKind, MatterState
from sloyfe.delivery.texts.groups import GROUP_ROLE_TEXT
from sloyfe.delivery.texts.matters import MATTER_STATE_TEXT
from sloyfe.delivery.views.matters import address as matter_address
from sloyfe.delivery.views.matters import person_of
from sloyfe.delivery.views.pages import check_first, fetch_programme, form_page
from sloyfe.programme.models import Programme
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404


def _group(request: HttpRequest, programme: str, group: str) -> StandingGroup:
    return get_visible_or_404(
        StandingGroup.objects.select_related("programme", "decides", "statement"),
        request.user,
        programme__slug=programme,
        code=group,
    )


def address(group: StandingGroup, name: str = "group") -> str:
    """Give the address of one of a group's pages."""
    return reverse(f"delivery:{name}", args=[group.programme.slug, group.code])


def _crumbs(programme: Programme, *last: Crumb) -> list[Crumb]:
    return [
        Crumb(_("Standing groups"), reverse("delivery:groups", args=[programme.slug])),
        *last,
    ]


@require_safe
def group_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Which standing groups are there, and what have they raised?"""
    today = timezone.localdate()
    row = fetch_programme(request, programme, today)
    lines = queries.group_lines(row, request.user, today)
    inside = row.pk in reach_of(request.user, today).inside
    if not inside and not lines:
        raise Http404
    may = not refusal_text(permissions.check_may_keep_groups, request.user, row, today)
    context = {
        "programme": row,
        "lines": lines,
        "unanswered": sum(line.unanswered for line in lines),
        "add": Button(
            _("Set up a group"), reverse("delivery:add_group", args=[row.slug]), method="get"
        )
        if may
        else None,
        "crumbs": [
            *(
                [Crumb(_("Steering"), reverse("delivery:steering", args=[row.slug]))]
                if inside
                else []
            ),
            Crumb(_("Standing groups")),
        ],
    }
    return render(request, "delivery/groups/list.html", context)


@require_safe
def group_page(request: HttpRequest, programme: str, group: str) -> HttpResponse:
    """Who is in this group, what has it raised, and what was it answered?"""
    row = _group(request, programme, group)
    today = timezone.localdate()
    now, before = queries.members_of(row, today)
    issues = queries.issues_of(row, request.user, today)
    may_keep = not refusal_text(
        permissions.check_may_keep_groups, request.user, row.programme, today
    )
    may_raise = not refusal_text(permissions.check_may_raise_issue, request.user, row, None, today)
    buttons = []
    if may_raise:
        buttons.append(Button(_("Raise an issue"), address(row, "raise_issue"), method="get"))
    if may_keep:
        buttons.append(
            Button(
                _("Change the group"),
                address(row, "change_group"),
                method="get",
                variant="secondary",
            )
        )
        buttons.append(
            Button(_("Add a member"), address(row, "add_member"), method="get", variant="secondary")
        )
    context = {
        "programme": row.programme,
        "group": row,
        "members": [
            {"member": each, "role": GROUP_ROLE_TEXT[GroupRole(each.role)]} for each in now
        ],
        "before": [
            {"member": each, "role": GROUP_ROLE_TEXT[GroupRole(each.role)]} for each in before
        ],
        "issues": [
            {"matter": each, "state": MATTER_STATE_TEXT[MatterState(each.state)]} for each in issues
        ],
        "unanswered": sum(each.state == MatterState.ASKED for each in issues),
        "may_keep": may_keep,
        "buttons": buttons,
        "has_ended": row.valid_to is not None and row.valid_to <= today,
        "crumbs": _crumbs(row.programme, Crumb(pick(row.title))),
    }
    return render(request, "delivery/groups/group.html", context)


@require_http_methods(["GET", "POST"])
def edit_group(request: HttpRequest, programme: str, group: str = "") -> HttpResponse:
    """Set up a group, or change one."""
    today, actor = timezone.localdate(), person_of(request)
    row = _group(request, programme, group) if group else None
    home = row.programme if row else fetch_programme(request, programme, today)
    if not row and home.pk not in reach_of(actor, today).inside:
        raise Http404
    permissions.check_may_keep_groups(actor, home, today)
    first = (
        {
            "revision": row.revision,
            "title_nb": row.title.get("nb", ""),
            "title_nn": row.title.get("nn", ""),
            "code": row.code,
            "purpose": row.purpose,
            "decides": row.decides_id,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        if row
        else {"revision": 0, "valid_from": today}
    )
    form = GroupForm(
        request.POST or None, initial=first, offices=offices_with(home, today, OFFICES)
    )

    def save() -> str:
        data = form.cleaned_data
        title = dict(row.title) if row else {}
        saved = actions.save_group(
            programme=home,
            group=row,
            revision=data["revision"],
            code=data["code"],
            title={**title, "nb": data["title_nb"], "nn": data["title_nn"]},
            purpose=data["purpose"],
            decides=data["decides"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            actor=actor,
            now=timezone.now(),
        )
        return address(saved)

    name = pick(row.title) if row else _("Set up a group")
    last = [Crumb(name, address(row)), Crumb(_("Change"))] if row else [Crumb(name)]
    return form_page(
        request,
        form,
        programme=home,
        title=_("Change %(group)s") % {"group": name} if row else name,
        submit=_("Save"),
        crumbs=_crumbs(home, *last),
        do=save,
        said=_("The group is saved."),
    )


@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, programme: str, group: str) -> HttpResponse:
    """Let somebody into the group."""
    row = _group(request, programme, group)
    today, actor = timezone.localdate(), person_of(request)
    permissions.check_may_keep_groups(actor, row.programme, today)
    form = MemberForm(
        request.POST or None,
        initial={"valid_from": today, "role": GroupRole.MEMBER.value},
        organisations=queries.possible_members(row.programme, today),
    )

    def add() -> str:
        data = form.cleaned_data
        actions.add_member(
            group=row,
            organisation=data["organisation"],
            role=GroupRole(data["role"]),
            valid_from=data["valid_from"],
            actor=actor,
            now=timezone.now(),
        )
        return address(row)

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Add a member to %(group)s") % {"group": pick(row.title)},
        submit=_("Add"),
        crumbs=_crumbs(row.programme, Crumb(pick(row.title), address(row)), Crumb(_("Member"))),
        do=add,
        said=_("The group has a new member."),
    )


@require_http_methods(["GET", "POST"])
def end_membership(request: HttpRequest, programme: str, group: str, member: int) -> HttpResponse:
    """Let a member leave the group."""
    row = _group(request, programme, group)
    today, actor = timezone.localdate(), person_of(request)
    leaving = get_object_or_404(
        GroupMember.objects.select_related("group__programme", "organisation"), group=row, pk=member
    )
    check_first(request, lambda: permissions.check_may_keep_groups(actor, row.programme, today))
    form = LeaveForm(request.POST or None, initial={"valid_to": today})

    def end() -> str:
        actions.end_membership(
            member=leaving,
            valid_to=form.cleaned_data["valid_to"],
            actor=actor,
            now=timezone.now(),
        )
        return address(row)

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("%(organisation)s leaves the group") % {"organisation": leaving.organisation.name},
        submit=_("Save"),
        crumbs=_crumbs(row.programme, Crumb(pick(row.title), address(row)), Crumb(_("Member"))),
        do=end,
        said=_("The member leaves the group. That it was a member stays known."),
    )


@require_http_methods(["GET", "POST"])
def raise_issue(request: HttpRequest, programme: str, group: str) -> HttpResponse:
    """Raise an issue through the group."""
    row = _group(request, programme, group)
    today, actor = timezone.localdate(), person_of(request)
    check_first(request, lambda: permissions.check_may_raise_issue(actor, row, None, today))
    offices = queries.member_offices(row, actor, today)
    form = MatterForm(request.POST or None, asking=offices, with_kind=False)

    def ask() -> str:
        data = form.cleaned_data
        matter = ask_matter(
            programme=row.programme,
            kind=MatterKind.GROUP_ISSUE,
            title=data["title"],
            text=data["text"],
            proposal=data["proposal"],
            asked_by=data.get("asked_by") or offices[0],
            addressed_to=row.decides,
            group=row,
            access=Access(data["access"]),
            legal_ground=data["legal_ground"],
            actor=actor,
            now=timezone.now(),
        )
        return matter_address(matter)

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Raise an issue through %(group)s") % {"group": pick(row.title)},
        submit=_("Raise"),
        crumbs=_crumbs(
            row.programme, Crumb(pick(row.title), address(row)), Crumb(_("Issue raised"))
        ),
        do=ask,
        said=_("The issue is raised with %(office)s.") % {"office": row.decides.name},
        lead=_("%(office)s decides, and the answer is shown on the group’s page.")
        % {"office": row.decides.name},
    )
