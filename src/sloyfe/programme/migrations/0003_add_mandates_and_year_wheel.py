import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models

from sloyfe.audit.migrations._together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0001_create_letters'),
        ('organisations', '0002_sort_names_byte_by_byte'),
        ('programme', '0002_date_statements'),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name='DateChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('new', 'new'), ('moved', 'moved'), ('cancelled', 'cancelled')], max_length=20)),
                        ('reason', models.CharField(max_length=600)),
                        ('old_starts_on', models.DateField(blank=True, null=True)),
                        ('old_ends_on', models.DateField(blank=True, null=True)),
                        ('made_at', models.DateTimeField()),
                        ('date', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='programme.yeardate')),
                    ],
                    options={
                        'ordering': ['-made_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['new', 'moved', 'cancelled'])), name='date_change_kind_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='date_change_has_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Announcement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='announcement', to='letters.letter')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='organisations.organisation')),
                        ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='programme.datechange')),
                    ],
                ),
                migrations.CreateModel(
                    name='Mandate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('issued', 'issued'), ('replaced', 'replaced')], default='draft', max_length=20)),
                        ('foreword', models.JSONField(blank=True, default=dict, help_text='nb, nn, en')),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_to', models.DateField(blank=True, help_text='the first day it no longer holds', null=True)),
                        ('issued_on', models.DateField(blank=True, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='programme.programme')),
                    ],
                    options={
                        'ordering': ['programme', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'number'), name='one_mandate_per_number'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('programme',), name='only_one_mandate_in_work'), models.UniqueConstraint(condition=models.Q(('state', 'issued')), fields=('programme',), name='only_one_mandate_issued'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'issued', 'replaced'])), name='mandate_state_is_known'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('issued_on__isnull', False), ('valid_from__isnull', False)), _connector='OR'), name='issued_mandate_is_dated'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='mandate_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='MandateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('number', models.PositiveIntegerField()),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('issued', 'issued'), ('replaced', 'replaced')], default='draft', max_length=20)),
                        ('foreword', models.JSONField(blank=True, default=dict, help_text='nb, nn, en')),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_to', models.DateField(blank=True, help_text='the first day it no longer holds', null=True)),
                        ('issued_on', models.DateField(blank=True, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.mandate')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MandateGoal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(blank=True, default=dict, help_text="nb, nn, en; a statement's own from when issued")),
                        ('expected', models.JSONField(help_text='nb, nn, en: what should be reached')),
                        ('mandate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='programme.mandate')),
                        ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandate_goals', to='programme.statement')),
                    ],
                    options={
                        'ordering': ['mandate', 'position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('mandate', 'code'), name='one_mandate_goal_per_code')],
                    },
                ),
                migrations.CreateModel(
                    name='MandateGoalEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('code', models.SlugField(db_index=False, max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(blank=True, default=dict, help_text="nb, nn, en; a statement's own from when issued")),
                        ('expected', models.JSONField(help_text='nb, nn, en: what should be reached')),
                        ('mandate', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandate')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.mandategoal')),
                        ('statement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.statement')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MandateResource',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ('mandate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='programme.mandate')),
                    ],
                    options={
                        'ordering': ['mandate', 'position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('mandate', 'code'), name='one_mandate_resource_per_code'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='mandate_resource_is_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='MandateResourceEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('code', models.SlugField(db_index=False, max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ('mandate', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandate')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.mandateresource')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MandateResponsibility',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('role', models.CharField(choices=[('head_office', 'head_office'), ('owner', 'owner'), ('national_lead', 'national_lead'), ('regional_office', 'regional_office'), ('municipality', 'municipality'), ('evaluator', 'evaluator'), ('project_group', 'project_group'), ('partner', 'partner'), ('auditor', 'auditor')], max_length=30)),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('mandate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responsibilities', to='programme.mandate')),
                    ],
                    options={
                        'ordering': ['mandate', 'position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('mandate', 'code'), name='one_mandate_responsibility_per_code'), models.CheckConstraint(condition=models.Q(('role__in', ['head_office', 'owner', 'national_lead', 'regional_office', 'municipality', 'evaluator', 'project_group', 'partner', 'auditor'])), name='mandate_responsibility_role_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='MandateResponsibilityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('code', models.SlugField(db_index=False, max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('role', models.CharField(choices=[('head_office', 'head_office'), ('owner', 'owner'), ('national_lead', 'national_lead'), ('regional_office', 'regional_office'), ('municipality', 'municipality'), ('evaluator', 'evaluator'), ('project_group', 'project_group'), ('partner', 'partner'), ('auditor', 'auditor')], max_length=30)),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('mandate', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandate')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.mandateresponsibility')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MandateTask',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('effort_days', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('mandate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='programme.mandate')),
                    ],
                    options={
                        'ordering': ['mandate', 'position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('mandate', 'code'), name='one_mandate_task_per_code'), models.CheckConstraint(condition=models.Q(('effort_days__isnull', True), models.Q(('effort_days__gte', 0), ('effort_days__lte', Decimal('2000'))), _connector='OR'), name='mandate_task_effort_is_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='MandateTaskEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('code', models.SlugField(db_index=False, max_length=60)),
                        ('position', models.PositiveIntegerField()),
                        ('text', models.JSONField(help_text='nb, nn, en')),
                        ('effort_days', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('mandate', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandate')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.mandatetask')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OfficeCapacity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField()),
                        ('days', models.DecimalField(decimal_places=1, max_digits=7)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='capacities', to='organisations.organisation')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacities', to='programme.programme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('programme', 'organisation', 'year'), name='one_capacity_per_office_and_year'), models.CheckConstraint(condition=models.Q(('days__gte', 0)), name='capacity_is_not_negative'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='capacity_year_is_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='OfficeCapacityEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('year', models.PositiveSmallIntegerField()),
                        ('days', models.DecimalField(decimal_places=1, max_digits=7)),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.organisation')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.officecapacity')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.programme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OverloadDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.JSONField(help_text='nb, nn, en: the task or date, as it was called then')),
                        ('offices', models.JSONField(help_text='list of: office, name, year, available, asked (days)')),
                        ('reason', models.CharField(max_length=600)),
                        ('decided_at', models.DateTimeField()),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overload_decisions', to='programme.programme')),
                        ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='overloads', to='programme.mandatetask')),
                        ('date', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='overloads', to='programme.yeardate')),
                    ],
                    options={
                        'ordering': ['-decided_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='overload_has_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='TaskRole',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('head_office', 'head_office'), ('owner', 'owner'), ('national_lead', 'national_lead'), ('regional_office', 'regional_office'), ('municipality', 'municipality'), ('evaluator', 'evaluator'), ('project_group', 'project_group'), ('partner', 'partner'), ('auditor', 'auditor')], max_length=30)),
                        ('part', models.CharField(choices=[('responsible', 'responsible'), ('accountable', 'accountable'), ('consulted', 'consulted'), ('informed', 'informed')], max_length=20)),
                        ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='programme.mandatetask')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('task', 'role', 'part'), name='one_part_per_task_role'), models.CheckConstraint(condition=models.Q(('role__in', ['head_office', 'owner', 'national_lead', 'regional_office', 'municipality', 'evaluator', 'project_group', 'partner', 'auditor'])), name='task_role_is_known'), models.CheckConstraint(condition=models.Q(('part__in', ['responsible', 'accountable', 'consulted', 'informed'])), name='task_part_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='TaskRoleEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('head_office', 'head_office'), ('owner', 'owner'), ('national_lead', 'national_lead'), ('regional_office', 'regional_office'), ('municipality', 'municipality'), ('evaluator', 'evaluator'), ('project_group', 'project_group'), ('partner', 'partner'), ('auditor', 'auditor')], max_length=30)),
                        ('part', models.CharField(choices=[('responsible', 'responsible'), ('accountable', 'accountable'), ('consulted', 'consulted'), ('informed', 'informed')], max_length=20)),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.taskrole')),
                        ('task', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandatetask')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='YearDate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=80)),
                        ('title', models.JSONField(help_text='nb, nn, en')),
                        ('kind', models.CharField(choices=[('report_due', 'report_due'), ('answer_due', 'answer_due'), ('summary_due', 'summary_due'), ('gathering', 'gathering'), ('meeting', 'meeting'), ('survey', 'survey'), ('deadline', 'deadline'), ('other', 'other')], max_length=20)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, help_text='the last day, where not one day', null=True)),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), help_text='whom it concerns', size=None)),
                        ('effort_days', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                        ('is_cancelled', models.BooleanField(default=False)),
                        ('sequence', models.PositiveIntegerField(default=0)),
                        ('changed_at', models.DateTimeField()),
                        ('arena', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='year_dates', to='programme.statement')),
                        ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='year_dates', to='programme.programme')),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='year_dates', to='programme.region')),
                        ('subprogramme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='year_dates', to='programme.subprogramme')),
                    ],
                    options={
                        'ordering': ['starts_on', 'pk'],
                        'indexes': [models.Index(fields=['programme', 'starts_on'], name='year_date_by_day')],
                        'constraints': [models.UniqueConstraint(fields=('programme', 'code'), name='one_year_date_per_code'), models.CheckConstraint(condition=models.Q(('kind__in', ['report_due', 'answer_due', 'summary_due', 'gathering', 'meeting', 'survey', 'deadline', 'other'])), name='year_date_kind_is_known'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='year_date_ends_after_start'), models.CheckConstraint(condition=models.Q(('roles__contained_by', ['head_office', 'owner', 'national_lead', 'regional_office', 'municipality', 'evaluator', 'project_group', 'partner', 'auditor']), ('roles__len__gt', 0)), name='year_date_roles_are_known'), models.CheckConstraint(condition=models.Q(('effort_days__isnull', True), models.Q(('effort_days__gte', 0), ('effort_days__lte', 2000)), _connector='OR'), name='year_date_effort_is_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='OverloadDecisionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('what', models.JSONField(help_text='nb, nn, en: the task or date, as it was called then')),
                        ('offices', models.JSONField(help_text='list of: office, name, year, available, asked (days)')),
                        ('reason', models.CharField(max_length=600)),
                        ('decided_at', models.DateTimeField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.overloaddecision')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.programme')),
                        ('task', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.mandatetask')),
                        ('date', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.yeardate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DateChangeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('new', 'new'), ('moved', 'moved'), ('cancelled', 'cancelled')], max_length=20)),
                        ('reason', models.CharField(max_length=600)),
                        ('old_starts_on', models.DateField(blank=True, null=True)),
                        ('old_ends_on', models.DateField(blank=True, null=True)),
                        ('made_at', models.DateTimeField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.datechange')),
                        ('date', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.yeardate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='YearDateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_context', pghistory.utils.JSONField(null=True)),
                        ('pgh_context_id', models.UUIDField(null=True)),
                        ('id', models.BigIntegerField()),
                        ('code', models.SlugField(db_index=False, max_length=80)),
                        ('title', models.JSONField(help_text='nb, nn, en')),
                        ('kind', models.CharField(choices=[('report_due', 'report_due'), ('answer_due', 'answer_due'), ('summary_due', 'summary_due'), ('gathering', 'gathering'), ('meeting', 'meeting'), ('survey', 'survey'), ('deadline', 'deadline'), ('other', 'other')], max_length=20)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, help_text='the last day, where not one day', null=True)),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), help_text='whom it concerns', size=None)),
                        ('effort_days', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True)),
                        ('is_cancelled', models.BooleanField(default=False)),
                        ('sequence', models.PositiveIntegerField(default=0)),
                        ('changed_at', models.DateTimeField()),
                        ('arena', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.statement')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programme.yeardate')),
                        ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.programme')),
                        ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.region')),
                        ('subprogramme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.subprogramme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='mandate',
                    trigger=pgtrigger.compiler.Trigger(name='issued_is_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state IN ('issued', 'replaced') AND (OLD.programme_id IS DISTINCT FROM NEW.programme_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.foreword IS DISTINCT FROM NEW.foreword OR OLD.valid_from IS DISTINCT FROM NEW.valid_from OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.source IS DISTINCT FROM NEW.source OR NEW.state NOT IN ('issued', 'replaced') OR (OLD.valid_to IS DISTINCT FROM NEW.valid_to AND NOT (OLD.state = 'issued' AND NEW.state = 'replaced'))))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2fe2870b67cb1a544e7fd9440718c0d5e8e7fc31', operation='UPDATE', pgid='pgtrigger_issued_is_immutable_fe728', table='programme_mandate', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandate',
                    trigger=pgtrigger.compiler.Trigger(name='issued_mandate_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state IN ('issued', 'replaced'))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ec51692efc146c43143bc7672f4f0ff95c8294ab', operation='DELETE', pgid='pgtrigger_issued_mandate_stays_4b9dc', table='programme_mandate', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandate',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_mandateevent" ("foreword", "id", "issued_on", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "source", "state", "valid_from", "valid_to") VALUES (NEW."foreword", NEW."id", NEW."issued_on", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."source", NEW."state", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='9b7fe9d1afb48c933c511230eb5fdffe337a1758', operation='INSERT', pgid='pgtrigger_insert_insert_083e5', table='programme_mandate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandate',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_mandateevent" ("foreword", "id", "issued_on", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "source", "state", "valid_from", "valid_to") VALUES (NEW."foreword", NEW."id", NEW."issued_on", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."source", NEW."state", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='4f1e3bb20fe7d348687e699ce32b6aa6309c204d', operation='UPDATE', pgid='pgtrigger_update_update_edc54', table='programme_mandate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='acfe33f1774d0be46852e21d35dca936920621ab', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_42a48', table='programme_mandateevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandategoal',
                    trigger=pgtrigger.compiler.Trigger(name='goal_stays_as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = OLD.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='a881065a5c5b352e4a68f40da584967cc7339628', operation='UPDATE OR DELETE', pgid='pgtrigger_goal_stays_as_issued_b6557', table='programme_mandategoal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandategoal',
                    trigger=pgtrigger.compiler.Trigger(name='goal_joins_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = NEW.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; RETURN NEW;", hash='c5b97f62efa0f8ad8bb06198079d542b9981ebd2', operation='INSERT OR UPDATE', pgid='pgtrigger_goal_joins_a_draft_65416', table='programme_mandategoal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandategoal',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_mandategoalevent" ("code", "expected", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "statement_id", "text") VALUES (NEW."code", NEW."expected", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."statement_id", NEW."text"); RETURN NULL;', hash='28c77a7db61674369e6bcc75df12548e2e5f4962', operation='INSERT', pgid='pgtrigger_insert_insert_16007', table='programme_mandategoal', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandategoal',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_mandategoalevent" ("code", "expected", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "statement_id", "text") VALUES (NEW."code", NEW."expected", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."statement_id", NEW."text"); RETURN NULL;', hash='e0a854f17e20de8e9d9ae557dbc8eb231926bd2e', operation='UPDATE', pgid='pgtrigger_update_update_1645e', table='programme_mandategoal', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandategoalevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fb476a387b8a2fef309c3f9604f39689ebad0235', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a8ae2', table='programme_mandategoalevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresource',
                    trigger=pgtrigger.compiler.Trigger(name='resource_stays_as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = OLD.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='673cbbecd5e3e3239fc16cb33c74bf222a2d71ec', operation='UPDATE OR DELETE', pgid='pgtrigger_resource_stays_as_issued_2ea70', table='programme_mandateresource', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresource',
                    trigger=pgtrigger.compiler.Trigger(name='resource_joins_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = NEW.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; RETURN NEW;", hash='7c646fc5caf281cde4bd795cba62b45208b5a1cc', operation='INSERT OR UPDATE', pgid='pgtrigger_resource_joins_a_draft_17840', table='programme_mandateresource', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresource',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_mandateresourceevent" ("amount", "code", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (NEW."amount", NEW."code", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."text"); RETURN NULL;', hash='9920a8b38166abe8962f891eb74627f8f10f3733', operation='INSERT', pgid='pgtrigger_insert_insert_1c0ca', table='programme_mandateresource', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresource',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_mandateresourceevent" ("amount", "code", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (NEW."amount", NEW."code", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."text"); RETURN NULL;', hash='f0fe2ad02f7382521c671f85d15f8927151995db', operation='UPDATE', pgid='pgtrigger_update_update_5e7d3', table='programme_mandateresource', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresourceevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7925cba8aa1d8303bde20bc5a7b038d45038e8d6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_10486', table='programme_mandateresourceevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresponsibility',
                    trigger=pgtrigger.compiler.Trigger(name='responsibility_stays_as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = OLD.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='7936ba762df7e22c5aea773a02b46b915deefdf3', operation='UPDATE OR DELETE', pgid='pgtrigger_responsibility_stays_as_issued_e1199', table='programme_mandateresponsibility', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresponsibility',
                    trigger=pgtrigger.compiler.Trigger(name='responsibility_joins_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = NEW.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; RETURN NEW;", hash='6d6aab8c0663c095bdc7471e9267d40965ba087c', operation='INSERT OR UPDATE', pgid='pgtrigger_responsibility_joins_a_draft_9aaec', table='programme_mandateresponsibility', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresponsibility',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_mandateresponsibilityevent" ("code", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "role", "source", "text") VALUES (NEW."code", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."role", NEW."source", NEW."text"); RETURN NULL;', hash='81d877542735e6173d64568faf56999e2de06e3f', operation='INSERT', pgid='pgtrigger_insert_insert_bf9d4', table='programme_mandateresponsibility', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresponsibility',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_mandateresponsibilityevent" ("code", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "role", "source", "text") VALUES (NEW."code", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."role", NEW."source", NEW."text"); RETURN NULL;', hash='5534dcf594873d94c6a25ae4d2b6332939a1e46b', operation='UPDATE', pgid='pgtrigger_update_update_b5b52', table='programme_mandateresponsibility', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandateresponsibilityevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='992a3c30cb6e9c32c09b20b3c4648407fedf4695', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fb6fd', table='programme_mandateresponsibilityevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandatetask',
                    trigger=pgtrigger.compiler.Trigger(name='task_stays_as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = OLD.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='e59c1f29b75cf5d74ac55cc5c20862768ddecc5f', operation='UPDATE OR DELETE', pgid='pgtrigger_task_stays_as_issued_fb4f7', table='programme_mandatetask', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandatetask',
                    trigger=pgtrigger.compiler.Trigger(name='task_joins_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = NEW.mandate_id AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; RETURN NEW;", hash='0eefc855368e0ef2f2b617bcace91e39d7f20bdb', operation='INSERT OR UPDATE', pgid='pgtrigger_task_joins_a_draft_aab55', table='programme_mandatetask', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandatetask',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_mandatetaskevent" ("code", "effort_days", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "text") VALUES (NEW."code", NEW."effort_days", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."source", NEW."text"); RETURN NULL;', hash='055bc173512191fe5bdc62b6f364bf12592c7f9d', operation='INSERT', pgid='pgtrigger_insert_insert_64693', table='programme_mandatetask', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandatetask',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_mandatetaskevent" ("code", "effort_days", "id", "mandate_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "text") VALUES (NEW."code", NEW."effort_days", NEW."id", NEW."mandate_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."source", NEW."text"); RETURN NULL;', hash='56d60124aefeeb41c2ac4602e64b3d87decf9a29', operation='UPDATE', pgid='pgtrigger_update_update_be052', table='programme_mandatetask', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='mandatetaskevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c3f54eab7b2c4c6587b0180c92fe11c0b3dfe71f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_33522', table='programme_mandatetaskevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='officecapacity',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_officecapacityevent" ("days", "id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "year") VALUES (NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."year"); RETURN NULL;', hash='0b39bc81045fa9d11c60b9074256e6ad153b284d', operation='INSERT', pgid='pgtrigger_insert_insert_319d6', table='programme_officecapacity', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='officecapacity',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_officecapacityevent" ("days", "id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "year") VALUES (NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."year"); RETURN NULL;', hash='f62c6260c3a0ee5ad42f31d5fb088a9b05849c03', operation='UPDATE', pgid='pgtrigger_update_update_1b598', table='programme_officecapacity', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='officecapacityevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a4866bc8da338d3844df55f71866f2fb08cdf7f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f07bc', table='programme_officecapacityevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskrole',
                    trigger=pgtrigger.compiler.Trigger(name='part_stays_as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = (SELECT mandate_id FROM programme_mandatetask WHERE id = OLD.task_id) AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='5fc2bc5e9c9b0a5b6e6ea7e1d42c5ec4adbacee7', operation='UPDATE OR DELETE', pgid='pgtrigger_part_stays_as_issued_a58d8', table='programme_taskrole', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskrole',
                    trigger=pgtrigger.compiler.Trigger(name='part_joins_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = (SELECT mandate_id FROM programme_mandatetask WHERE id = NEW.task_id) AND state <> 'draft') THEN RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF; RETURN NEW;", hash='563e433cb500ce1d16dad1d4f439683b4e908f84', operation='INSERT OR UPDATE', pgid='pgtrigger_part_joins_a_draft_99d82', table='programme_taskrole', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskrole',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_taskroleevent" ("id", "part", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "task_id") VALUES (NEW."id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role", NEW."task_id"); RETURN NULL;', hash='5a12150dfb46e8996475f9f43ffbf8d6bb9c0616', operation='INSERT', pgid='pgtrigger_insert_insert_6a9a8', table='programme_taskrole', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskrole',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_taskroleevent" ("id", "part", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "task_id") VALUES (NEW."id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role", NEW."task_id"); RETURN NULL;', hash='dfb04f5a567be4a3a2e1523743d664e11452574a', operation='UPDATE', pgid='pgtrigger_update_update_bcd80', table='programme_taskrole', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='taskroleevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c13e1e62633a604fdbf9590bfcea6a030c7e550a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ee3c7', table='programme_taskroleevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yeardate',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_yeardateevent" ("arena_id", "changed_at", "code", "effort_days", "ends_on", "id", "is_cancelled", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "region_id", "roles", "sequence", "starts_on", "subprogramme_id", "title") VALUES (NEW."arena_id", NEW."changed_at", NEW."code", NEW."effort_days", NEW."ends_on", NEW."id", NEW."is_cancelled", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."region_id", NEW."roles", NEW."sequence", NEW."starts_on", NEW."subprogramme_id", NEW."title"); RETURN NULL;', hash='b906cf83e37fdc5a565bee5573e77032df3e95b8', operation='INSERT', pgid='pgtrigger_insert_insert_19887', table='programme_yeardate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yeardate',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_yeardateevent" ("arena_id", "changed_at", "code", "effort_days", "ends_on", "id", "is_cancelled", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "region_id", "roles", "sequence", "starts_on", "subprogramme_id", "title") VALUES (NEW."arena_id", NEW."changed_at", NEW."code", NEW."effort_days", NEW."ends_on", NEW."id", NEW."is_cancelled", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."region_id", NEW."roles", NEW."sequence", NEW."starts_on", NEW."subprogramme_id", NEW."title"); RETURN NULL;', hash='e50911ed22dfbde3fe4593e1862258c1846ac55f', operation='UPDATE', pgid='pgtrigger_update_update_28287', table='programme_yeardate', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='overloaddecisionevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b1fcbc630b17b01d50c2f0718fe196a727290fb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_65bcd', table='programme_overloaddecisionevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='overloaddecision',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_overloaddecisionevent" ("date_id", "decided_at", "id", "offices", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "reason", "task_id", "what") VALUES (NEW."date_id", NEW."decided_at", NEW."id", NEW."offices", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."reason", NEW."task_id", NEW."what"); RETURN NULL;', hash='4c8c6ffb815543da2e670b4f74d39cc6a453ee7d', operation='INSERT', pgid='pgtrigger_insert_insert_e11b1', table='programme_overloaddecision', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='overloaddecision',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_overloaddecisionevent" ("date_id", "decided_at", "id", "offices", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "reason", "task_id", "what") VALUES (NEW."date_id", NEW."decided_at", NEW."id", NEW."offices", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."reason", NEW."task_id", NEW."what"); RETURN NULL;', hash='85ec1322231f74cab22e4ff8b178da6d9f381180', operation='UPDATE', pgid='pgtrigger_update_update_49bf6', table='programme_overloaddecision', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='datechangeevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05ac02586b89e734af8bb57e4d63c3e18743eccd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85ae3', table='programme_datechangeevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='datechange',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_datechangeevent" ("date_id", "id", "kind", "made_at", "old_ends_on", "old_starts_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."date_id", NEW."id", NEW."kind", NEW."made_at", NEW."old_ends_on", NEW."old_starts_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;', hash='0b385950b3b8bc25cfcd4853a739c62f566eb417', operation='INSERT', pgid='pgtrigger_insert_insert_3e726', table='programme_datechange', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='datechange',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_datechangeevent" ("date_id", "id", "kind", "made_at", "old_ends_on", "old_starts_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."date_id", NEW."id", NEW."kind", NEW."made_at", NEW."old_ends_on", NEW."old_starts_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;', hash='e10609c51903fabf20d9110919c65e12c8f3e25a', operation='UPDATE', pgid='pgtrigger_update_update_04348', table='programme_datechange', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yeardateevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aaf235e4f5adf406371fc897cdf6b9c58a6363b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fcc34', table='programme_yeardateevent', when='BEFORE')),
                ),
            ]
        ),
    ]
