from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "sloyfe.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sloyfe.delivery.queries.year_wheel import days_of_the_year
        from sloyfe.programme.queries.year_wheel import add_source
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
        add_source("delivery", days_of_the_year)
        # Agreement, plan, meetings, reports, needs and dates of one's own municipality stand there.
        add(
            Entry(
                _("Our municipality"), "delivery:our_municipality", 15, frozenset({"municipality"})
            )
        )
        add(Entry(_("Reporting"), "delivery:reporting", 50, takes_part))
