from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "sloyfe.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sloyfe.ui.menu import Entry, add

        add(Entry(_("Overview"), "home:start", 10))
        watchers = frozenset(
            {"owner", "national_lead", "regional_office", "evaluator", "project_group", "auditor"}
        )
        add(Entry(_("Forms"), "instruments:programmes", 30, watchers))
        add(Entry(_("Surveys"), "fieldwork:rounds", 40, watchers))
        add(Entry(_("Reports"), "reports:list", 70))
        readers = frozenset({"owner", "national_lead", "auditor"})
        add(Entry(_("History"), "home:history", 90, readers))
