from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "sloyfe.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sloyfe.ui.menu import Entry, add

        takes_part = frozenset(
            {
                "head_office",
                "owner",
                "national_lead",
                "regional_office",
                "municipality",
                "auditor",
            }
        )
        add(Entry(_("Reporting"), "delivery:reporting", 50, takes_part))
