from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "sloyfe.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand in the entries of the pages that join subjects, and of the subjects without an entry of their own."""
        from sloyfe.ui.menu import Entry, add

        add(Entry(_("Overview"), "home:start", 10))
        makers = {"national_lead", "regional_office", "evaluator", "project_group", "auditor"}
        add(Entry(_("Forms"), "instruments:programmes", 60, frozenset(makers)))
        followers = frozenset({"owner", "evaluator", "project_group", "auditor"})
        add(Entry(_("Surveys"), "fieldwork:rounds", 65, followers))
        add(Entry(_("Reports"), "reports:list", 70, without=frozenset({"national_lead"})))
        add(Entry(_("History"), "home:history", 90, frozenset({"auditor"})))
