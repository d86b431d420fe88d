import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0001_run_the_programme_year'),
        ('programme', '0005_let_head_offices_take_part'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='agendaitem',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='agendaitem',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='steeringmeeting',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='steeringmeeting',
            name='update_update',
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='continues',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='continued', to='delivery.agendaitem'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='goes_on',
            field=models.BooleanField(default=False, help_text='written by hand, and not settled when the dialogue was over'),
        ),
        migrations.AddField(
            model_name='agendaitemevent',
            name='continues',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='delivery.agendaitem'),
        ),
        migrations.AddField(
            model_name='agendaitemevent',
            name='goes_on',
            field=models.BooleanField(default=False, help_text='written by hand, and not settled when the dialogue was over'),
        ),
        migrations.AddField(
            model_name='steeringmeeting',
            name='announced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='steeringmeeting',
            name='changed_why',
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddField(
            model_name='steeringmeeting',
            name='moved_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='steeringmeetingevent',
            name='announced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='steeringmeetingevent',
            name='changed_why',
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddField(
            model_name='steeringmeetingevent',
            name='moved_from',
            field=models.DateField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agendaitem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "delivery_agendaitemevent" ("continues_id", "decision_id", "goes_on", "id", "kind", "matter_id", "meeting_id", "need_id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "summary_id", "title") VALUES (NEW."continues_id", NEW."decision_id", NEW."goes_on", NEW."id", NEW."kind", NEW."matter_id", NEW."meeting_id", NEW."need_id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."summary_id", NEW."title"); RETURN NULL;', hash='724335a2c9dfdfeb9844a4cd76b3bde946574e36', operation='INSERT', pgid='pgtrigger_insert_insert_2cbe8', table='delivery_agendaitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agendaitem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "delivery_agendaitemevent" ("continues_id", "decision_id", "goes_on", "id", "kind", "matter_id", "meeting_id", "need_id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "summary_id", "title") VALUES (NEW."continues_id", NEW."decision_id", NEW."goes_on", NEW."id", NEW."kind", NEW."matter_id", NEW."meeting_id", NEW."need_id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."summary_id", NEW."title"); RETURN NULL;', hash='8d99b0edc35e40d42df30352eca8eb128613387c', operation='UPDATE', pgid='pgtrigger_update_update_5f264', table='delivery_agendaitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steeringmeeting',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "delivery_steeringmeetingevent" ("access", "announced_at", "cancelled_why", "changed_why", "held_at", "id", "journal_reference", "legal_ground", "minutes", "moved_from", "number", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "revision", "state") VALUES (NEW."access", NEW."announced_at", NEW."cancelled_why", NEW."changed_why", NEW."held_at", NEW."id", NEW."journal_reference", NEW."legal_ground", NEW."minutes", NEW."moved_from", NEW."number", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."revision", NEW."state"); RETURN NULL;', hash='965bdd1c3370fd8288acc7a24e8db78d55deec8b', operation='INSERT', pgid='pgtrigger_insert_insert_793dc', table='delivery_steeringmeeting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steeringmeeting',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "delivery_steeringmeetingevent" ("access", "announced_at", "cancelled_why", "changed_why", "held_at", "id", "journal_reference", "legal_ground", "minutes", "moved_from", "number", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "revision", "state") VALUES (NEW."access", NEW."announced_at", NEW."cancelled_why", NEW."changed_why", NEW."held_at", NEW."id", NEW."journal_reference", NEW."legal_ground", NEW."minutes", NEW."moved_from", NEW."number", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."programme_id", NEW."revision", NEW."state"); RETURN NULL;', hash='deacf4b95c08ada313ac1b09e186e8f732fd00f7', operation='UPDATE', pgid='pgtrigger_update_update_b9f7c', table='delivery_steeringmeeting', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='steeringmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('announced_at__isnull', True), models.Q(('changed_why', ''), _negated=True), _connector='OR'), name='an_announced_dialogue_says_why'),
        ),
    ]
