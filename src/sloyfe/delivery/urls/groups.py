"""Addresses of standing groups."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import groups

_GROUPS = "styring/<slug:programme>/grupper/"
_GROUP = f"{_GROUPS}<slug:group>/"

urlpatterns: list[URLPattern] = [
    path(_GROUPS, groups.group_list, name="groups"),
    path(f"{_GROUPS}ny/", groups.edit_group, name="add_group"),
    path(_GROUP, groups.group_page, name="group"),
    path(f"{_GROUP}endre/", groups.edit_group, name="change_group"),
    path(f"{_GROUP}medlem/", groups.add_member, name="add_member"),
    path(f"{_GROUP}medlem/<int:member>/", groups.end_membership, name="end_membership"),
    path(f"{_GROUP}sak/", groups.raise_issue, name="raise_issue"),
]
