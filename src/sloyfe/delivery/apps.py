from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "sloyfe.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sloyfe.ui.menu import Entry, add

        takes_part = frozenset(
            {"owner", "national_lead", "regional_office", "municipality", "auditor"}
        )
        # Agreement, plan, meetings, reports, needs and dates of one's own municipality stand there.
        add(
            Entry(
                _("Our municipality"), "delivery:our_municipality", 15, frozenset({"municipality"})
            )
        )
        add(Entry(_("Reporting"), "delivery:reporting", 50, takes_part))
