from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "sloyfe.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.BigAutoField"
