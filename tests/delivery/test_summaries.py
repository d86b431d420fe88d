"""Summaries go up once, are read and answered by others than those who sent them, and keep what was written."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.audit.models import Event
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible, Refused
from sloyfe.delivery.actions import summaries as actions
from sloyfe.delivery.models import Matter, Summary, YearlyReport
from sloyfe.delivery.queries.summaries import completeness, summary_of
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.rules.summaries import NATIONAL
from tests.cast import MUNICIPALITIES, NOW, TODAY, World, make_world
from tests.delivery.cabinet import YEAR, reporting_year
from tests.delivery.results import definition_of, give
from tests.delivery.upward import NORD, asked, need, read, report, sent, works_also_at, written

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]


def url(world: World, name: str = "summary", region: str = "nord") -> str:
    return reverse(f"delivery:{name}", args=[world.programme.slug, YEAR, region])


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def test_completeness_counts_expected_reports_and_never_excused_ones() -> None:
    found = completeness([state.value for state in ReportState])

    assert (found.expected, found.sent, found.answered, found.excused) == (8, 5, 2, 1)
    assert (found.missing, found.unanswered) == (3, 6)


def test_a_summary_does_not_go_up_before_every_expected_report_is_answered(world: World) -> None:
    report(world, "X101")
    report(world, "X102", "sent")
    report(world, "X103", "excused")
    report(world, "X201", "sent")  # another region's
    draft = written(world)

    with pytest.raises(NotPossible) as refused:
        actions.send_summary(
            summary=draft, revision=1, actor=world.person("regional_office_nord"), now=NOW
        )

    assert (refused.value.code, refused.value.details["count"]) == (
        "delivery.reports_not_answered",
        1,
    )
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_it_goes_up_with_a_reason_all_the_same_and_keeps_its_figures(world: World) -> None:
    report(world, "X101")
    report(world, "X102", "sent")

    done = sent(world)

    assert (done.state, done.sent_at, done.sent_by) == (
        "sent",
        NOW,
        world.people["regional_office_nord"],
    )
    assert done.figures == {
        "expected": 2,
        "sent": 2,
        "answered": 1,
        "excused": 0,
        "results": [],
    }
    assert Event.objects.filter(action="delivery.summary.send").count() == 1


def test_what_a_summary_asks_for_is_asked_when_it_is_sent_and_read_by_nobody_before(
    world: World,
) -> None:
    draft = written(world, why="Ikke alle er klare.")
    matter = asked(world, to="national_lead", summary=draft)
    before = Matter.objects.visible_to(world.person("owner"), TODAY).count()
    own = Matter.objects.visible_to(world.person("regional_office_nord"), TODAY).count()

    actions.send_summary(
        summary=draft, revision=1, actor=world.person("regional_office_nord"), now=NOW
    )

    matter.refresh_from_db()
    assert (before, own) == (0, 1)
    assert (matter.state, matter.asked_on) == ("asked", TODAY)
    assert Matter.objects.visible_to(world.person("owner"), TODAY).count() == 1


def test_nothing_is_added_to_a_summary_that_has_been_sent(world: World) -> None:
    done = sent(world)

    with pytest.raises(NotPossible, match="summary_already_sent"):
        asked(world, to="national_lead", summary=done)
    with pytest.raises(NotPossible, match="summary_already_sent"):
        written(world, revision=1)


def test_only_the_text_that_the_sender_saw_is_sent(world: World) -> None:
    draft = written(world, why="Ikke alle er klare.")
    written(world, why="En annen grunn.", revision=1)

    with pytest.raises(ChangedMeanwhile, match="changed_before_sending"):
        actions.send_summary(
            summary=draft, revision=1, actor=world.person("regional_office_nord"), now=NOW
        )


def test_a_second_sending_is_refused(world: World) -> None:
    done = sent(world)

    with pytest.raises(NotPossible, match="summary_cannot_move"):
        actions.send_summary(
            summary=done, revision=1, actor=world.person("regional_office_nord"), now=NOW
        )


@pytest.mark.parametrize("role", ["regional_office_sor", "owner", "municipality", "evaluator"])
def test_only_the_office_above_answers(world: World, role: str) -> None:
    got = read(world)

    with pytest.raises(NotAllowed, match="only_the_receiver_answers"):
        actions.answer_summary(summary=got, answer="Takk.", actor=world.person(role), now=NOW)


def test_nobody_reads_or_answers_what_their_own_office_sent_also_with_two_roles(
    world: World,
) -> None:
    works_also_at(world, "regional_office_nord", "national_lead")
    done = sent(world)
    person = world.person("regional_office_nord")

    with pytest.raises(NotAllowed, match="not_your_own_summary"):
        actions.read_summary(summary=done, actor=person, now=NOW)
    actions.read_summary(summary=done, actor=world.person("national_lead"), now=NOW)
    with pytest.raises(NotAllowed, match="not_your_own_summary"):
        actions.answer_summary(summary=done, answer="Flott.", actor=person, now=NOW)


def test_who_sent_it_does_not_answer_it_after_moving_to_the_office_above(world: World) -> None:
    done = sent(world)
    person = world.people["regional_office_nord"]
    person.affiliations.all().delete()
    works_also_at(world, "regional_office_nord", "national_lead")

    with pytest.raises(NotAllowed, match="not_your_own_summary"):
        actions.read_summary(summary=done, actor=world.person("regional_office_nord"), now=NOW)


def test_a_summary_is_answered_after_it_is_read(world: World) -> None:
    done = sent(world)

    with pytest.raises(NotPossible, match="summary_cannot_move"):
        actions.answer_summary(
            summary=done, answer="Takk.", actor=world.person("national_lead"), now=NOW
        )


def test_an_empty_answer_is_refused(world: World) -> None:
    with pytest.raises(NotPossible, match="answer_is_empty"):
        actions.answer_summary(
            summary=read(world), answer=" ", actor=world.person("national_lead"), now=NOW
        )


def test_the_national_summary_waits_for_the_regional_ones_or_a_reason(world: World) -> None:
    report(world, "X101")
    report(world, "X201")
    draft = written(world, None)

    with pytest.raises(NotPossible) as refused:
        actions.send_summary(
            summary=draft, revision=1, actor=world.person("national_lead"), now=NOW
        )

    assert refused.value.details == {"count": 2, "regions": "Nord, Sør"}


def test_the_national_summary_goes_to_the_owner_who_reads_and_answers(world: World) -> None:
    report(world, "X101")
    got = read(world, None)

    done = actions.answer_summary(
        summary=got, answer="Takk for et godt bilde.", actor=world.person("owner"), now=NOW
    )

    assert (done.state, done.to_office.name) == ("answered", "Strategikontoret")
    assert done.figures["regions"] == {
        "nord": {"expected": 1, "sent": 1, "answered": 1, "excused": 0}
    }


def test_content_is_loaded_without_an_actor(world: World) -> None:
    year = reporting_year(world)
    report(world, "X101", "sent")
    text = actions.SummaryText(overview="Året.", incomplete_why="Øving.")
    draft = actions.write_summary(
        reporting_year=year,
        region=world.regions["nord"],
        text=text,
        revision=0,
        actor=None,
        now=NOW,
    )

    done = actions.send_summary(summary=draft, revision=1, actor=None, now=NOW)
    got = actions.read_summary(summary=done, actor=None, now=NOW)
    actions.answer_summary(summary=got, answer="Takk.", actor=None, now=NOW)

    assert Summary.objects.get().state == "answered"


def test_there_is_no_summary_of_a_region_that_is_not_there(world: World) -> None:
    assert summary_of(reporting_year(world), "vest", TODAY) is None
    assert summary_of(reporting_year(world), NATIONAL, TODAY) is not None


def test_who_saves_late_keeps_the_text_and_hears_why(world: World) -> None:
    draft = written(world)
    client = client_of(world, "regional_office_nord")

    answer = client.post(
        url(world, "write_summary"), {"revision": "0", "overview": "Min egen tekst om året"}
    )

    assert answer.status_code == 409
    assert "Min egen tekst om året" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.overview == "Året gikk bra i regionen."
    assert draft.overview in answer.content.decode()
    again = client.post(
        url(world, "write_summary"), {"revision": "1", "overview": "Min egen tekst om året"}
    )
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("state", "expects", "code"),
    [
        ("planned", True, "delivery.summary_year_not_open"),
        ("open", False, "delivery.summary_stands_on_nothing"),
    ],
)
def test_a_summary_with_nothing_to_stand_on_is_not_sent(
    world: World, state: str, expects: bool, code: str
) -> None:
    draft = written(world, why="Vi vil være tidlig ute.")
    YearlyReport.objects.all().delete()
    if expects:
        report(world, "X101")
    year = reporting_year(world)
    year.state = state
    year.save()
    draft.refresh_from_db()

    with pytest.raises(NotPossible) as refusal:
        actions.send_summary(
            summary=draft,
            revision=draft.revision,
            actor=world.person("regional_office_nord"),
            now=NOW,
        )

    assert refusal.value.code == code
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_whole_way_up_by_the_pages(world: World) -> None:
    for code in NORD:
        report(world, code)
    writer, reader = client_of(world, "regional_office_nord"), client_of(world, "national_lead")
    form = {"revision": "0", "overview": "Et godt år.", "worked": "Samlingene."}

    steps = [
        writer.post(url(world, "write_summary"), form),
        writer.post(
            url(world, "summary_matter"),
            {"title": "Flere kurs?", "text": "Mange ber om det.", "access": "public"},
        ),
        writer.post(url(world, "send_summary"), {"revision": "1"}),
        reader.post(url(world, "read_summary")),
        reader.post(url(world, "answer_summary"), {"answer": "Takk, vi tar det opp."}),
    ]

    assert [step.status_code for step in steps] == [302] * 5
    page = writer.get(url(world)).content.decode()
    assert "Takk, vi tar det opp." in page
    assert "Flere kurs?" in page
    assert Matter.objects.get().state == "asked"


def test_a_municipality_reads_a_sent_public_summary_but_no_other_municipality_s_words(
    world: World,
) -> None:
    report(world, "X101")
    need(world, "X103")
    client = client_of(world, "municipality_in_programme")
    before = client.get(url(world)).status_code

    sent(world)
    answer = client.get(url(world))

    assert (before, answer.status_code) == (404, 200)
    page = answer.content.decode()
    assert "Året gikk bra" in page
    assert "Husrådet" not in page
    assert "planlegge nye boliger" not in page


def test_words_and_figures_are_of_the_same_reports_and_those_left_out_are_counted(
    world: World,
) -> None:
    open_, inside = report(world, "X101", "sent"), report(world, "X102")
    type(inside).objects.filter(pk=inside.pk).update(access="internal", legal_ground="§ 14")
    homes = definition_of(world.programme, "homes")
    for each, value in ((open_, 7), (inside, 100)):
        give(each, homes, value)
    sent(world)
    late = report(world, "X103")
    type(late).objects.filter(pk=late.pk).update(sent_at=NOW + dt.timedelta(days=1))

    page = client_of(world, "regional_office_nord").get(url(world)).content.decode()

    names = {code: world.municipalities[code].name for code in ("X101", "X102", "X103")}
    assert f"<summary>{names['X101']}</summary>" in page
    assert f"<summary>{names['X102']}</summary>" not in page
    assert f"<summary>{names['X103']}</summary>" not in page
    assert '<div class="sl-cell">7</div>' in page
    assert '<span class="sl-unit">(boliger)</span>' in page
    assert "Én rapport er ikke offentlig" in page


def test_needs_stay_as_they_stood_when_the_summary_was_sent(world: World) -> None:
    need(world, "X101", text="Sagt og ikke besvart.")
    answered = need(world, "X102", text="Besvart etterpå.")
    need(world, "X103", "answered", text="Besvart før.", answered_at=NOW, answer="Ja.")
    client = client_of(world, "regional_office_nord")

    sent(world)
    later = NOW + dt.timedelta(days=2)
    need(world, "X104", text="Sagt etterpå.", written_at=later, received_at=later)
    type(answered).objects.filter(pk=answered.pk).update(
        state="answered", answer="Ja.", answered_at=later
    )

    page = client.get(url(world)).content.decode()
    shown = [text for text in ("Sagt og ikke besvart.", "Besvart etterpå.") if text in page]
    assert "Behov uten svar 2. mars 2026" in page.replace("\u00a0", " ")
    assert len(shown) == 2
    assert "Besvart før." not in page
    assert "Sagt etterpå." not in page


def test_the_draft_is_read_by_the_office_alone(world: World) -> None:
    written(world)

    assert (
        "Året gikk bra" in client_of(world, "regional_office_nord").get(url(world)).content.decode()
    )
    for role in ("national_lead", "owner", "regional_office_sor"):
        answer = client_of(world, role).get(url(world))
        assert answer.status_code == 200
        assert "Året gikk bra" not in answer.content.decode()


@pytest.mark.parametrize("name", ["summary", "write_summary", "summaries"])
def test_the_pages_ask_the_database_as_often_with_ten_times_as_much(
    world: World, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for row in MUNICIPALITIES:
        report(world, row[0])
    for _each in range(20):
        need(world, "X101")
    draft = written(world)
    for _each in range(20):
        asked(world, to="national_lead", summary=draft)
    client = client_of(world, "regional_office_nord")
    address = (
        reverse("delivery:summaries", args=[world.programme.slug, YEAR])
        if name == "summaries"
        else url(world, name)
    )

    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_wins_and_the_other_keeps_the_text(
    transactional_db: None,
) -> None:
    world = make_world()
    read(world)
    clients = [client_of(world, "national_lead") for _each in range(2)]
    barrier = Barrier(2)

    def answer(at: int) -> tuple[int, str]:
        try:
            barrier.wait()
            done = clients[at].post(
                url(world, "answer_summary"), {"answer": f"Svar nummer {at} om tomtene"}
            )
            return done.status_code, done.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(answer, range(2)))

    assert sorted(status for status, _page in found) == [302, 409]
    loser = next(at for at, (status, _page) in enumerate(found) if status == 409)
    assert f"Svar nummer {loser} om tomtene" in found[loser][1]
    assert Summary.objects.get().answer == f"Svar nummer {1 - loser} om tomtene"
    assert Event.objects.filter(action="delivery.summary.answer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_writes_the_draft(transactional_db: None) -> None:
    world = make_world()
    reporting_year(world)
    report(world, "X101")
    barrier = Barrier(2)

    def begin(_at: int) -> str:
        try:
            barrier.wait()
            return written(world).state
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(begin, range(2)))

    assert found == ["delivery.summary_changed", "draft"]
