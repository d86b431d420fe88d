"""Words for standing groups, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.steering import GroupRole

GROUP_ROLE_TEXT = {
    GroupRole.LEADER: _("leads the group"),
    GroupRole.SECRETARY: _("secretary"),
    GroupRole.MEMBER: _("member"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.group.save": _("The standing group %(about)s was set up or changed."),
    "delivery.group.join": _("A member came into the standing group %(about)s."),
    "delivery.group.leave": _("A member left the standing group %(about)s."),
    "delivery.group.load": _(
        "%(groups)s standing groups came from the programme’s own description of %(about)s."
    ),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_leaders_keep_groups": _(
        "Only the owner and nasjonalt fagansvar set up groups and say who is in them."
    ),
    "delivery.only_members_raise": _("Only the members of the group raise an issue through it."),
    "delivery.group_has_ended": _("The group has ended or not begun, so it takes nothing new."),
    "delivery.group_code_taken": _(
        "Another group of the programme has the short name %(code)s. Choose another."
    ),
    "delivery.group_changed": _(
        "Somebody else has changed the group since you opened it. Your text is below and has not been saved."
    ),
    "delivery.group_ends_before": _("The group must end after the day it begins."),
    "delivery.already_member": _("%(office)s is a member of the group already."),
    "delivery.not_part_of_programme": _(
        "%(office)s takes no part in the programme, so it cannot be a member of its groups."
    ),
    "delivery.leaves_before_joining": _("The last day must come after the day of joining."),
    "delivery.member_has_left": _("The member has left the group already."),
}
