from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "sloyfe.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand in the entries of the programme year, to each role what it comes for."""
        from sloyfe.delivery.queries.year_wheel import days_of_the_year
        from sloyfe.programme.queries.year_wheel import add_source
        from sloyfe.ui.menu import Entry, Of, add

        add_source("delivery", days_of_the_year)
        steers = frozenset({"head_office", "owner", "national_lead"})
        offices = steers | {"regional_office"}
        add(
            Entry(
                _("Our municipality"),
                "delivery:municipality_year",
                15,
                frozenset({"municipality"}),
                of=Of.MUNICIPALITY,
            )
        )
        add(Entry(_("National picture"), "delivery:picture", 20, offices, of=Of.PROGRAMME))
        add(Entry(_("Steering"), "delivery:steering", 25, steers, of=Of.PROGRAMME))
        add(
            Entry(
                _("Mandate"),
                "programme:mandates",
                30,
                frozenset({"head_office", "owner"}),
                of=Of.PROGRAMME,
            )
        )
        reads_reports = offices | {"municipality", "auditor"}
        add(Entry(_("Reporting"), "delivery:reporting", 50, reads_reports))
        meets_needs = frozenset({"national_lead", "regional_office", "municipality"})
        add(Entry(_("Needs"), "delivery:needs", 55, meets_needs, of=Of.PROGRAMME))
