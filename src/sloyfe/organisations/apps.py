from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "sloyfe.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand in the menu's entry."""
        from sloyfe.ui.menu import SIGNED_IN, Entry, add

        add(Entry(_("Municipalities"), "organisations:list", 20, frozenset({SIGNED_IN})))
