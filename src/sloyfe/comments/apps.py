from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "sloyfe.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"
