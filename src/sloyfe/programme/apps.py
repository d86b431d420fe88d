from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "sloyfe.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
