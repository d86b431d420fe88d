from django.db import migrations, models

CHOICES = [
    ("anonymous", "anonymous"),
    ("confidential_panel", "confidential_panel"),
    ("attributable", "attributable"),
    ("not_stated", "not_stated"),
]


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_create_fieldwork")]

    operations = [
        migrations.AlterField(
            model_name="round",
            name="declaration",
            field=models.CharField(choices=CHOICES, max_length=20),
        ),
        migrations.AlterField(
            model_name="roundevent",
            name="declaration",
            field=models.CharField(choices=CHOICES, max_length=20),
        ),
        migrations.RemoveConstraint(model_name="round", name="round_declaration_is_known"),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "declaration__in",
                        ["anonymous", "confidential_panel", "attributable", "not_stated"],
                    )
                ),
                name="round_declaration_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("declaration", "not_stated"), _negated=True),
                    ("origin", "published"),
                    _connector="OR",
                ),
                name="only_printed_rounds_lack_a_declaration",
            ),
        ),
    ]
