"""The exercise programme's rounds as they are loaded: whole, through the actions, once, and resumable."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from tests.cast import make_world

from sloyfe.accounts.models import Person
from sloyfe.analysis.models import Dataset, StoredTable
from sloyfe.audit.models import Event
from sloyfe.cli import exercise, load_content
from sloyfe.comments.models import Comment
from sloyfe.common.errors import NotPossible
from sloyfe.fieldwork.actions import answers, rounds
from sloyfe.fieldwork.actions.simulated import answer_simulated_round
from sloyfe.fieldwork.models import Case, Contact, Mailing, Population, Response, Round
from sloyfe.fieldwork.rules import Declaration, Disposition, Origin, RoundState
from sloyfe.home.queries.waiting import waiting
from sloyfe.instruments.models import PilotAnswer, Version
from sloyfe.letters.models import Letter
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.rules import Capacity
from sloyfe.reports.models import Report, ReportFile

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
# Steps before the exercise's own.
BEFORE = (
    load_content.load_registers,
    load_content.load_programmes,
    load_content.load_letters,
    load_content.add_demo_people,
)
OWN = (
    load_content.live_through_questionnaires,
    load_content.simulate_rounds,
    load_content.open_round,
    load_content.publish_reports,
)
COUNTED = (Version, Comment, PilotAnswer, Round, Population, Case, Contact, Mailing, Letter, Response,
           Dataset, StoredTable, Report, ReportFile, Event)  # fmt: skip


@pytest.fixture
def content(settings: object, tmp_path: Path) -> load_content.Content:
    """The content with everything loaded that comes before the exercise's rounds."""
    settings.KEYS = tmp_path / "keys"  # type: ignore[attr-defined]
    settings.FROZEN = tmp_path / "frozen"  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
    made = load_content.Content(ROOT, timezone.now())
    for step in BEFORE:
        step(made)
    return made


def _load(content: load_content.Content) -> list[str]:
    return [step(content) for step in OWN]


def _counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def _person(address: str) -> Person:
    return Person.objects.get(email=f"{address}@ovelse.invalid")


def _the_rounds_are_whole() -> None:
    # Two rounds are over, the third is open; all three ask whom the round of 2017 asked.
    assert list(Round.objects.order_by("slug").values_list("origin", "state")) == [
        ("simulated", "closed"),
        ("simulated", "closed"),
        ("fielded", "open"),
    ]
    for round_ in Round.objects.all():
        assert round_.is_simulated
        asked = Counter(Case.objects.filter(population__round=round_).values_list("population__code", flat=True))  # fmt: skip
        assert asked == {"basic-offer": 6 * 17, "towns": 15, "cities": 5}
        strata = Counter(
            Case.objects.filter(
                population__round=round_, population__code="basic-offer"
            ).values_list("stratum", flat=True)
        )
        assert set(strata.values()) == {17}
    # What was answered is complete microdata, frozen and tabulated.
    assert Dataset.objects.count() == 6
    for dataset in Dataset.objects.select_related("population"):
        sent = dataset.population.cases.filter(disposition=Disposition.COMPLETE.value)
        assert dataset.responses == sent.count() > 0
        assert dataset.tables.exists()
    # A municipality's two rounds are tied by nothing in the rows.
    refs = Response.objects.values_list("unit_ref", flat=True)
    assert len(set(refs)) == len(refs)
    # The reports are published, in both written forms of Norwegian, and hold their mark.
    assert set(Report.objects.values_list("state", "language")) == {("published", "nb"), ("published", "nn")}  # fmt: skip
    for report in Report.objects.all():
        page = bytes(report.files.get(format="html").content).decode()
        assert "sim" in page
        assert report.title in page
        assert "2024" not in page
        assert "2025" not in page

    # The open round: everybody has a contact that leads nowhere and a letter in the outbox.
    open_round = Round.objects.get(state=RoundState.OPEN.value)
    assert open_round.closes_on == timezone.localdate() + dt.timedelta(60)
    emails = Contact.objects.filter(round=open_round).values_list("email", flat=True)
    assert len(emails) == 122
    assert all(email.endswith("@ovelse.invalid") for email in emails)
    assert Mailing.objects.filter(case__population__round=open_round).count() == 122

    # Something waits for each of those who work with it.
    today = timezone.localdate()
    assert any("instruments" in line.url or "version" in line.url or line.due for line in waiting(_person("prosjektgruppe"), today))  # fmt: skip
    assert len(waiting(_person("evaluator"), today)) >= 2
    for address in ("grunntilbud", "kommune"):
        (line,) = waiting(_person(address), today)
        case = answers.open_case(answers.read_link(line.url.rstrip("/").rsplit("/", 1)[-1]))  # type: ignore[arg-type]
        assert case is not None
        assert case.is_open
        assert case.is_newest_link

    # The forms have lived: three questionnaires, and the report, needs, plan and agreement of the year.
    released = Version.objects.filter(state="released", instrument__programme__slug="exercise")
    assert released.count() == 7
    assert set(
        Population.objects.values_list("version__instrument__kind", flat=True).distinct()
    ) == {"questionnaire"}
    assert Comment.objects.exclude(outcome="open").count() >= 3
    assert Version.objects.filter(state="commenting").count() == 1
    # The templates are nasjonalt fagansvar's; a regional office commented on them.
    lives = Event.objects.filter(action="instruments.version.release").select_related("actor")
    assert Counter(event.actor.email for event in lives if event.actor) == {
        "evaluator@ovelse.invalid": 3,
        "fagansvar@ovelse.invalid": 4,
    }
    assert Comment.objects.filter(author=_person("regionkontor")).count() == 2


class _Killed(BaseException):
    """As good as kill -9: nothing catches it."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the n-th action from now on die before it is written; `[n]`, or `[]` for never."""
    left: list[int] = []
    whole = Event.save

    def save(self: Event, *args: object, **kwargs: object) -> None:
        if left:
            left[0] -= 1
            if left[0] < 0:
                left.clear()
                raise _Killed
        whole(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Event, "save", save)
    return left


def test_loading_that_dies_in_the_middle_of_any_step_goes_on_from_there(
    content: load_content.Content, dying: list[int]
) -> None:
    deaths = 0
    for actions_done in (1, 4, 9, 3, 12, 7, 15, 5, 2, 11, 1, 6, 40, 3, 90, 30, 8, 130, 2):
        dying[:] = [actions_done]
        try:
            # Each life of the process is a savepoint of its own, as it would be a connection of its own.
            _load(content)
        except _Killed:
            deaths += 1
    dying.clear()
    _load(content)
    assert deaths > 10
    died = _counts()

    assert not any(_load(content))
    assert _counts() == died
    assert died["Round"] == 3
    assert died["Case"] == 3 * 122
    assert died["Mailing"] == 122
    assert died["Dataset"] == 6
    assert died["Report"] == 2
    assert died["ReportFile"] == 8
    assert died["StoredTable"] == 888
    assert died["Comment"] == 7
    assert died["PilotAnswer"] == 3
    assert died["Version"] == 8
    _the_rounds_are_whole()


def test_a_later_start_leaves_a_round_alone_that_has_closed(content: load_content.Content) -> None:
    found = exercise.exercise_in(ROOT / "programmes" / "exercise", content.now)
    assert found is not None
    load_content.live_through_questionnaires(content)
    load_content.open_round(content)
    rounds.close_due_rounds(now=content.now + dt.timedelta(61))
    before = _counts()

    later = load_content.Content(ROOT, content.now + dt.timedelta(200))
    assert load_content.open_round(later) == ""
    assert _counts() == before


def test_with_a_mail_server_nobody_invented_is_written_to(
    content: load_content.Content, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    load_content.live_through_questionnaires(content)
    load_content.open_round(content)

    assert not Mailing.objects.exists()
    assert waiting(_person("grunntilbud"), timezone.localdate())


def test_nothing_simulated_stands_on_a_real_programme(content: load_content.Content) -> None:
    for step in OWN[:3]:
        step(content)

    real = Programme.objects.filter(is_simulated=False)
    assert real.exists()
    assert not Round.objects.filter(programme__in=real, origin=Origin.SIMULATED.value).exists()
    assert not Response.objects.filter(round__programme__in=real).exists()
    assert not Case.objects.exclude(organisation__register="exercise").exists()


def test_a_real_programme_refuses_a_simulated_round() -> None:
    world = make_world()
    world.programme.is_simulated = False
    world.programme.save()
    day = dt.date(2026, 5, 1)

    with pytest.raises(NotPossible, match="simulated_only_in_exercise"):
        rounds.plan_round(
            programme=world.programme,
            slug="r",
            title={"nb": "R"},
            declaration=Declaration.CONFIDENTIAL_PANEL,
            evaluator=_organisation(Capacity.EVALUATOR),
            host="",
            controller="",
            processor="",
            legal_ground="",
            privacy_notice={},
            contact="",
            closes_on=day,
            delete_contacts_on=day,
            delete_keys_on=day,
            delete_responses_on=None,
            origin=Origin.SIMULATED,
            actor=world.person("evaluator"),
            now=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
        )


@pytest.mark.parametrize(
    ("origin", "is_simulated"), [("fielded", True), ("simulated", False), ("fielded", False)]
)
def test_the_model_answers_only_simulated_rounds_of_an_exercise(
    origin: str, is_simulated: bool
) -> None:
    world = make_world()
    Programme.objects.filter(pk=world.programme.pk).update(is_simulated=is_simulated)
    round_ = Round.objects.create(
        programme=world.programme,
        slug="r",
        title={"nb": "R"},
        origin=origin,
        state="open",
        declaration="anonymous",
        privacy_notice={},
    )

    with pytest.raises(NotPossible, match="not_simulated"), transaction.atomic():
        answer_simulated_round(
            round_=Round.objects.select_related("programme").get(pk=round_.pk),
            round_number=1,
            seed="s",
            actor=world.person("evaluator"),
            now=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
        )
    assert not Response.objects.exists()


def _organisation(capacity: Capacity) -> Organisation:

    return Organisation.objects.get(participations__capacity=capacity.value)
