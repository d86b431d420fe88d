from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Everybody who takes part in a programme; organisations knows the words only, not what they may do.
EVERY_CAPACITY = frozenset(
    {
        "owner",
        "national_lead",
        "regional_office",
        "municipality",
        "evaluator",
        "project_group",
        "partner",
        "auditor",
    }
)


class OrganisationsConfig(AppConfig):
    name = "sloyfe.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand in the menu's entry."""
        from sloyfe.ui.menu import Entry, add

        add(Entry(_("Municipalities"), "organisations:list", 20, EVERY_CAPACITY))
