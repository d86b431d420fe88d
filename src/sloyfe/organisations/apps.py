from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "sloyfe.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand in the menu's entry."""
        from sloyfe.ui.menu import SIGNED_IN, Entry, add

        # An owner looks at the country, and has seven entries without it.
        add(
            Entry(
                _("Municipalities"),
                "organisations:list",
                40,
                frozenset({SIGNED_IN}),
                without=frozenset({"owner"}),
            )
        )
