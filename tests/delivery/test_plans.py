"""Both sides write the municipality's plan, and the municipality alone adopts it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import plans
from sloyfe.delivery.models import Activity, Measure, Plan
from sloyfe.delivery.rules.plans import MeasureStatus, PlanState, is_late
from sloyfe.home.queries.waiting import waiting
from sloyfe.programme.models import Programme, Statement
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder

pytestmark = pytest.mark.django_db
SIDES = ["municipality", ladder.OFFICE]
WRONG_SIDES = [
    "regional_office_sor",
    "municipality_in_programme",
    "owner",
    "national_lead",
    "partner",
    "stranger",
]


def status(of: Measure, to: MeasureStatus, note: str = "", **more: Any) -> Measure:
    return plans.set_status(measure=of, status=to, note=note, now=NOW, **({"actor": None} | more))


@pytest.mark.parametrize("role", SIDES)
def test_both_sides_begin_and_write_a_plan(world: World, role: str) -> None:
    plan = plans.start_plan(
        programme=world.programme,
        municipality=world.municipalities[ladder.OWN],
        year=2026,
        actor=world.person(role),
        now=NOW,
    )
    plans.add_measure(
        plan=plan, terms=ladder.measure_terms(world), actor=world.person(role), now=NOW
    )

    assert plan.office == world.regions["nord"].office
    assert plan.measures.count() == 1


@pytest.mark.parametrize("role", WRONG_SIDES)
def test_nobody_else_writes_in_it(world: World, role: str) -> None:
    person = world.person(role)
    plan = ladder.plan(world)
    measure = ladder.measure(world, plan)

    with pytest.raises(NotAllowed, match="only_the_sides_plan"):
        plans.start_plan(
            programme=world.programme,
            municipality=world.municipalities[ladder.OWN],
            year=2027,
            actor=person,
            now=NOW,
        )
    with pytest.raises(NotAllowed, match="only_the_sides_plan"):
        plans.add_measure(plan=plan, terms=ladder.measure_terms(world), actor=person, now=NOW)
    with pytest.raises(NotAllowed, match="only_the_sides_plan"):
        status(measure, MeasureStatus.DONE, actor=person)


def test_a_municipality_has_one_plan_a_year(world: World) -> None:
    ladder.plan(world)

    with pytest.raises(NotPossible, match="plan_exists"):
        ladder.plan(world)


def test_what_last_year_left_unfinished_is_taken_along(world: World) -> None:
    last = ladder.plan(world, year=2025)
    done = ladder.measure(world, last, text="Ferdig")
    ladder.measure(world, last, text="Uferdig", by_when=dt.date(2025, 6, 1))
    stopped = ladder.measure(world, last, text="Stanset")
    status(done, MeasureStatus.DONE)
    status(stopped, MeasureStatus.STOPPED, "Ingen penger")

    plan = ladder.plan(world, year=2026)

    [measure] = plan.measures.all()
    assert (measure.text, measure.by_when) == ("Uferdig", dt.date(2026, 12, 31))
    assert not ladder.plan(world, year=2027, copy_unfinished=False).measures.exists()


def test_only_the_municipality_adopts(world: World) -> None:
    plan = ladder.plan(world)
    ladder.measure(world, plan)
    plan.refresh_from_db()

    with pytest.raises(NotAllowed, match="only_the_municipality_adopts"):
        plans.adopt_plan(
            plan=plan, revision=plan.revision, actor=world.person(ladder.OFFICE), now=NOW
        )
    adopted = plans.adopt_plan(
        plan=plan, revision=plan.revision, actor=world.person("municipality"), now=NOW
    )
    assert adopted.state == PlanState.ADOPTED


def test_an_empty_plan_is_not_adopted(world: World) -> None:
    plan = ladder.plan(world)

    with pytest.raises(NotPossible, match="plan_is_empty"):
        plans.adopt_plan(plan=plan, revision=0, actor=None, now=NOW)


def test_nobody_adopts_something_else_than_they_read(world: World) -> None:
    plan = ladder.plan(world)
    ladder.measure(world, plan)
    plan.refresh_from_db()
    read = plan.revision
    ladder.measure(world, plan, text="Kom til mens du leste")

    with pytest.raises(ChangedMeanwhile):
        plans.adopt_plan(plan=plan, revision=read, actor=world.person("municipality"), now=NOW)


def test_an_adopted_plan_is_opened_by_the_municipality_with_a_reason(world: World) -> None:
    plan = ladder.adopted(world)
    own = world.person("municipality")

    with pytest.raises(NotPossible, match="plan_not_in_work"):
        ladder.measure(world, plan)
    with pytest.raises(NotAllowed, match="only_the_municipality_adopts"):
        plans.revise_plan(plan=plan, reason="Nytt", actor=world.person(ladder.OFFICE), now=NOW)
    with pytest.raises(NotPossible, match="revise_says_why"):
        plans.revise_plan(plan=plan, reason=" ", actor=own, now=NOW)
    opened = plans.revise_plan(plan=plan, reason="Budsjettet er endret.", actor=own, now=NOW)

    assert opened.state == PlanState.DRAFT
    assert Comment.objects.about(plan).get().text == "Budsjettet er endret."
    ladder.measure(world, plan)


def test_status_and_activities_are_written_until_the_plan_is_closed(world: World) -> None:
    plan = ladder.adopted(world)
    measure = plan.measures.get()
    activity = plans.add_activity(
        measure=measure, text="Møte", on=None, actor=world.person("municipality"), now=NOW
    )
    plans.mark_activity(
        activity=activity, done_on=TODAY, actor=world.person(ladder.OFFICE), now=NOW
    )
    status(measure, MeasureStatus.UNDER_WAY, "Godt i gang", actor=world.person("municipality"))
    plans.close_plan(plan=plan, actor=world.person(ladder.OFFICE), now=NOW)

    activity.refresh_from_db()
    assert activity.done_on == TODAY
    measure = Measure.objects.select_related("plan").get(pk=measure.pk)
    for act in (
        lambda: status(measure, MeasureStatus.DONE),
        lambda: plans.add_activity(measure=measure, text="Mer", on=None, actor=None, now=NOW),
        lambda: plans.remove_activity(activity=activity, actor=None, now=NOW),
    ):
        with pytest.raises(NotPossible, match="plan_is_closed"):
            act()


def test_a_stopped_measure_says_why(world: World) -> None:
    measure = ladder.measure(world, ladder.plan(world))

    with pytest.raises(NotPossible, match="stopped_says_why"):
        status(measure, MeasureStatus.STOPPED)


def status_url(measure: Measure) -> str:
    plan = measure.plan
    at = [plan.programme.slug, plan.municipality.slug, plan.year, measure.pk]
    return reverse("delivery:measure_status", args=at)


def test_of_two_who_tell_how_far_it_has_come_the_second_keeps_the_words_and_sees_the_first(
    world: World,
) -> None:
    plan = ladder.adopted(world)
    measure = plan.measures.get()
    url = status_url(measure)
    client = Client()
    client.force_login(world.person("municipality"))
    form = client.get(url).context["form"]
    said = {"stood": form["stood"].value(), "status": "done", "note": "Alt er ferdig."}
    status(measure, MeasureStatus.UNDER_WAY, "Halvveis", actor=world.person(ladder.OFFICE))

    answer = client.post(url, said)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Halvveis" in page
    assert "Alt er ferdig." in page
    measure.refresh_from_db()
    assert measure.status == "under_way"
    again = said | {"stood": answer.context["form"]["stood"].value()}
    assert client.post(url, again).status_code == 302
    measure.refresh_from_db()
    assert (measure.status, measure.status_note) == ("done", "Alt er ferdig.")


def test_whoever_tells_of_a_late_measure_is_told_what_ends_the_waiting(world: World) -> None:
    plan = ladder.adopted(world)
    measure = plan.measures.get()
    measure.by_when = timezone.localdate() - dt.timedelta(1)
    measure.save(update_fields=["by_when"])
    url = status_url(measure)
    client = Client()
    client.force_login(world.person("municipality"))

    def tell(how: str) -> str:
        said = {"stood": client.get(url).context["form"]["stood"].value(), "status": how}
        return client.post(url, said, follow=True).content.decode()

    assert "venter på forsiden til det får en ny dag" in tell("under_way")
    assert "venter på forsiden" not in tell("done")


def test_an_activity_is_taken_out_after_a_question_that_names_it(world: World) -> None:
    plan = ladder.adopted(world)
    activity = plans.add_activity(
        measure=plan.measures.get(), text="Møte med alle", on=None, actor=None, now=NOW
    )
    url = reverse(
        "delivery:remove_activity",
        args=[world.programme.slug, plan.municipality.slug, plan.year, activity.pk],
    )
    client = Client()
    client.force_login(world.person("municipality"))

    asked = client.get(url)

    assert "«Møte med alle» går tapt" in asked.content.decode()
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert client.post(url).status_code == 302
    assert not Activity.objects.filter(pk=activity.pk).exists()


@pytest.mark.parametrize("stood", ["", "x" * 65, "\x00", "another"])
def test_a_mark_that_no_page_gave_overwrites_nothing_that_was_not_seen(
    world: World, stood: str
) -> None:
    plan = ladder.adopted(world)
    measure = plan.measures.get()
    url = status_url(measure)
    client = Client()
    client.force_login(world.person("municipality"))

    answer = client.post(url, {"stood": stood, "status": "done", "note": "Ferdig."})

    assert answer.status_code in (409, 422)
    assert "Ferdig." in answer.content.decode()
    measure.refresh_from_db()
    assert measure.status == "not_begun"


@pytest.mark.parametrize(
    "role", ["regional_office_sor", "municipality_in_programme", "owner", "stranger"]
)
def test_nobody_else_takes_an_activity_out_and_it_goes_once(world: World, role: str) -> None:
    plan = ladder.adopted(world)
    activity = plans.add_activity(
        measure=plan.measures.get(), text="Møte", on=None, actor=None, now=NOW
    )
    url = reverse(
        "delivery:remove_activity",
        args=[world.programme.slug, plan.municipality.slug, plan.year, activity.pk],
    )
    other, own = Client(), Client()
    other.force_login(world.person(role))
    own.force_login(world.person("municipality"))

    assert {other.get(url).status_code, other.post(url).status_code} <= {403, 404}
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert [own.post(url).status_code for _time in range(2)] == [302, 404]


def test_a_measure_may_outlast_its_plans_year_but_not_by_decades(world: World) -> None:
    measure = ladder.measure(world, plan := ladder.plan(world))

    status(measure, MeasureStatus.UNDER_WAY, "Venter", new_day=dt.date(plan.year + 10, 12, 31))
    with pytest.raises(NotPossible, match="measure_day_far_off"):
        status(measure, MeasureStatus.UNDER_WAY, "Venter", new_day=dt.date(plan.year + 11, 1, 1))


def test_an_activity_is_not_done_ahead_of_its_day(world: World) -> None:
    measure = ladder.measure(world, ladder.plan(world))
    activity = plans.add_activity(measure=measure, text="Møte", on=None, actor=None, now=NOW)

    with pytest.raises(NotPossible, match="activity_in_the_future"):
        plans.mark_activity(
            activity=activity, done_on=TODAY + dt.timedelta(days=1), actor=None, now=NOW
        )


def test_of_two_who_change_a_measure_the_second_writes_nothing(world: World) -> None:
    plan = ladder.plan(world)
    measure = ladder.measure(world, plan)
    plan.refresh_from_db()
    read = plan.revision
    plans.change_measure(
        measure=measure,
        terms=ladder.measure_terms(world, text="Først"),
        revision=read,
        actor=None,
        now=NOW,
    )

    with pytest.raises(ChangedMeanwhile):
        plans.change_measure(
            measure=measure,
            terms=ladder.measure_terms(world, text="Sist"),
            revision=read,
            actor=None,
            now=NOW,
        )
    measure.refresh_from_db()
    assert measure.text == "Først"


def test_what_somebody_took_out_is_not_written_again(world: World) -> None:
    measure = ladder.measure(world, ladder.plan(world))
    stale = Measure.objects.select_related("plan").get(pk=measure.pk)
    plans.remove_measure(measure=measure, actor=world.person("municipality"), now=NOW)

    with pytest.raises(ChangedMeanwhile, match="removed_meanwhile"):
        status(stale, MeasureStatus.DONE)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": " "}, "measure_incomplete"),
        ({"who": ""}, "measure_incomplete"),
        ({"how_seen": "\n"}, "measure_incomplete"),
        ({"text": "x" * 501}, "text_too_long"),
        ({"who": "a\x00"}, "text_unreadable"),
        ({"by_when": dt.date(1066, 1, 1)}, "measure_day_unknown"),
        ({"by_when": dt.date(2025, 12, 31)}, "measure_day_before_the_plan"),
    ],
)
def test_a_bad_measure_is_refused(world: World, more: dict[str, Any], code: str) -> None:
    with pytest.raises(NotPossible, match=code):
        ladder.measure(world, ladder.plan(world), **more)


def test_a_measure_keeps_a_goal_that_stands_under_another_when_it_is_changed(world: World) -> None:
    main = ladder.goal(world)
    under = Statement.objects.create(
        programme=world.programme,
        kind="subgoal",
        code="home.sub",
        parent=main,
        text={"nb": "Fra midlertidig til varig bolig"},
        position=1,
    )
    plan = ladder.plan(world)
    measure = ladder.measure(world, plan, goal=under)
    at = [world.programme.slug, plan.municipality.slug, plan.year, measure.pk]
    client = Client()
    client.force_login(world.person("municipality"))

    html = client.get(reverse("delivery:change_measure", args=at)).content.decode()

    assert f'<option value="{under.pk}" selected>' in html
    assert html.index(main.text["nb"]) < html.index(under.text["nb"])


def test_a_late_measure_gets_another_day_with_the_reason_and_waits_no_more(world: World) -> None:
    measure = ladder.measure(world, ladder.plan(world))
    day = dt.date(2027, 3, 1)

    def later(note: str) -> None:
        plans.set_status(
            measure=measure,
            status=MeasureStatus.UNDER_WAY,
            note=note,
            new_day=day,
            actor=None,
            now=NOW,
        )

    with pytest.raises(NotPossible, match="new_day_says_why"):
        later("")
    later("Huset ble solgt til en annen.")

    measure.refresh_from_db()
    assert measure.by_when == day


def test_beginning_a_plan_proposes_a_year_that_has_none_and_leads_to_the_one_there_is(
    world: World,
) -> None:
    plan = ladder.plan(world, year=TODAY.year)
    url = reverse("delivery:start_plan", args=[world.programme.slug, plan.municipality.slug])
    client = Client()
    client.force_login(world.person("municipality"))

    html = client.get(url).content.decode()
    answer = client.post(url, {"year": str(TODAY.year)})

    assert f'value="{TODAY.year + 1}"' in html
    assert answer.headers["Location"] == reverse(
        "delivery:plan", args=[world.programme.slug, plan.municipality.slug, TODAY.year]
    )


def test_a_measure_serves_a_goal_of_its_own_programme(world: World) -> None:
    other = Programme.objects.create(
        slug="other", title={"nb": "Annet"}, valid_from=TODAY, source_hash="0"
    )
    foreign = Statement.objects.create(
        programme=other, kind="goal", code="a", text={"nb": "A"}, position=1
    )

    with pytest.raises(NotPossible, match="other_programme"):
        ladder.measure(world, ladder.plan(world), goal=foreign)


@given(st.sampled_from(MeasureStatus), st.dates(), st.dates())
def test_what_is_done_or_stopped_is_never_late(
    how: MeasureStatus, by_when: dt.date, on: dt.date
) -> None:
    unfinished = how in (MeasureStatus.NOT_BEGUN, MeasureStatus.UNDER_WAY)
    assert is_late(how, by_when, on) == (unfinished and by_when < on)


def test_the_first_page_tells_the_municipality_of_its_plan_and_late_measures(world: World) -> None:
    plan = ladder.plan(world)
    ladder.measure(world, plan, by_when=TODAY - dt.timedelta(days=3))

    [adopt] = [each for each in waiting(world.person("municipality"), TODAY) if "plan" in each.url]
    assert not adopt.is_late
    plan.refresh_from_db()
    plans.adopt_plan(plan=plan, revision=plan.revision, actor=None, now=NOW)
    [late] = [each for each in waiting(world.person("municipality"), TODAY) if "plan" in each.url]
    assert (late.due, late.is_late) == (TODAY - dt.timedelta(days=3), True)


def page(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def url(world: World, name: str, *more: object) -> str:
    slug = world.municipalities[ladder.OWN].slug
    return reverse(f"delivery:{name}", args=[world.programme.slug, slug, *more])


DATA = {
    "text": "Kartlegge",
    "who": "Boligkontoret",
    "by_when": "2026-09-01",
    "how_seen": "Vi vet",
    "revision": "0",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"by_when": "i morgen"},
        {"by_when": "1001-01-01"},
        {"text": ""},
        {"who": "x" * 300},
        {"goal": "nei"},
        {"area": "99999"},
        {"how_seen": "a\x00"},
    ],
)
def test_a_wrong_form_is_given_back(world: World, wrong: dict[str, str]) -> None:
    ladder.plan(world)

    response = page(world, "municipality").post(url(world, "add_measure", 2026), DATA | wrong)

    assert response.status_code == 422
    assert not Measure.objects.exists()


def test_whoever_comes_second_keeps_the_text(world: World) -> None:
    plan = ladder.plan(world)
    measure = ladder.measure(world, plan, text="Slik ble det")

    response = page(world, "municipality").post(
        url(world, "change_measure", 2026, measure.pk), DATA | {"text": "Slik ville jeg"}
    )

    shown = response.content.decode()
    assert response.status_code == 409
    assert "Slik ble det" in shown
    assert "Slik ville jeg" in shown


def test_marking_twice_does_not_take_it_back(world: World) -> None:
    plan = ladder.plan(world)
    activity = plans.add_activity(
        measure=ladder.measure(world, plan), text="Møte", on=None, actor=None, now=NOW
    )
    client = page(world, "municipality")

    for _time in range(2):
        client.post(url(world, "mark_activity", 2026, activity.pk), {"done": "yes"})

    assert Activity.objects.get().done_on is not None


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999])
def test_a_year_that_cannot_be_is_refused_by_the_form(world: World, year: int) -> None:
    response = page(world, "municipality").post(url(world, "start_plan"), {"year": str(year)})

    assert response.status_code == 422
    assert not Plan.objects.exists()


def test_a_plan_takes_the_same_queries_with_ten_times_as_much(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = ladder.plan(world)
    for number in range(20):
        measure = ladder.measure(world, plan, text=f"Tiltak {number}")
        plans.add_activity(measure=measure, text="Møte", on=TODAY, actor=None, now=NOW)
    client = page(world, ladder.OFFICE)

    with django_assert_max_num_queries(15):
        response = client.get(url(world, "plan", 2026))
    assert response.content.decode().count("<article") == 20
