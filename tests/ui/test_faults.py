"""What is wrong in a form is told in the words of the product, never in Django's."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import translation

import sloyfe
from sloyfe.ui.faults import COMMON, WORDS, ClearForm, words_for

PACKAGE = Path(sloyfe.__file__).parent
OURS = {words for table in [COMMON, *(table for _kind, table in WORDS)] for words in table.values()}


def _modules() -> Iterator[Any]:
    for path in sorted([*PACKAGE.rglob("forms.py"), *PACKAGE.rglob("forms/*.py")]):
        dotted = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        yield import_module(dotted.removesuffix(".__init__"))


def _forms() -> list[type[forms.Form]]:
    found = {
        each
        for module in _modules()
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, forms.Form)
        and each.__module__.startswith("sloyfe.")
    }
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


FORMS = _forms()
# One field of each kind with every limit that it can have, and a value that breaks each of them.
FAULTS: list[tuple[str, forms.Field, Any]] = [
    ("required", forms.CharField(), ""),
    ("max_length", forms.CharField(max_length=3), "lang"),
    ("min_length", forms.CharField(min_length=9), "kort"),
    ("null_characters_not_allowed", forms.CharField(), "a\0b"),
    ("required", forms.EmailField(), ""),
    ("invalid", forms.EmailField(), "ikke en adresse"),
    ("invalid", forms.SlugField(), "med mellomrom og æ"),
    ("required", forms.IntegerField(), ""),
    ("invalid", forms.IntegerField(), "tolv"),
    ("invalid", forms.IntegerField(), "1.5"),
    ("invalid", forms.IntegerField(), "1\0"),
    ("max_value", forms.IntegerField(max_value=5), "6"),
    ("min_value", forms.IntegerField(min_value=5), "4"),
    ("invalid", forms.FloatField(), "nan"),
    ("max_value", forms.FloatField(max_value=1e12), "1e13"),
    ("invalid", forms.DecimalField(), "tolv"),
    ("invalid", forms.DecimalField(max_digits=4, decimal_places=1, max_value=9), "NaN"),
    ("invalid", forms.FloatField(max_value=9), "inf"),
    ("max_digits", forms.DecimalField(max_digits=2), "123"),
    ("max_decimal_places", forms.DecimalField(decimal_places=1), "1.25"),
    ("max_whole_digits", forms.DecimalField(max_digits=4, decimal_places=3), "12"),
    ("required", forms.DateField(), ""),
    ("invalid", forms.DateField(), "i morgen"),
    ("invalid", forms.DateField(), "2026-02-30"),
    ("required", forms.ChoiceField(choices=[("a", "A")]), ""),
    ("invalid_choice", forms.ChoiceField(choices=[("a", "A")]), "b"),
    ("invalid_choice", forms.ChoiceField(choices=[("a", "A")]), "a\0"),
    ("invalid_choice", forms.TypedChoiceField(choices=[("1", "A")], coerce=int), "b"),
    ("required", forms.MultipleChoiceField(choices=[("a", "A")]), []),
    ("invalid_choice", forms.MultipleChoiceField(choices=[("a", "A")]), ["b"]),
    ("required", forms.BooleanField(), ""),
    ("required", forms.FileField(), None),
]


def _said(field: forms.Field, value: Any) -> list[str]:
    form = type("Tried", (ClearForm,), {"it": field})
    if isinstance(field, forms.FileField):
        bound = form({}, {"it": value} if value else {})
    else:
        bound = form({"it": value})
    assert not bound.is_valid()
    return list(bound.errors["it"])


def _django_says(field: forms.Field, value: Any) -> list[str]:
    try:
        field.clean(value)
    except ValidationError as error:
        return list(error.messages)
    raise AssertionError("nothing is wrong")


def test_every_form_of_the_product_tells_its_faults_itself() -> None:
    assert len(FORMS) > 60
    assert [each for each in FORMS if not issubclass(each, ClearForm)] == []


def test_no_form_is_made_outside_the_modules_of_forms() -> None:
    outside = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "(forms.Form)" in path.read_text(encoding="utf-8") and path.name != "faults.py"
    ]

    assert outside == []


@pytest.mark.parametrize("language", ["nb", "nn", "en-gb"])
@pytest.mark.parametrize(
    ("code", "field", "value"), FAULTS, ids=[f"{type(f).__name__}-{c}" for c, f, _v in FAULTS]
)
def test_a_fault_is_told_in_our_own_words(
    language: str, code: str, field: forms.Field, value: Any
) -> None:
    with translation.override(language):
        said, django = _said(field, value), _django_says(field, value)
        ours = str(words_for(field)[code])

    assert said != django
    assert len(said) == 1
    assert "%(" not in said[0]
    assert said[0].split(":")[0][:12] == ours.split(":")[0][:12]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_no_field_of_a_form_keeps_a_sentence_of_djangos(form: type[forms.Form]) -> None:
    """What a field can say when something is wrong in it: the code of each validator and of the field itself."""
    for name, field in form.base_fields.items():
        wanted = {"required", *type(field).default_error_messages}
        for each in field.validators:
            wanted.add(str(getattr(each, "code", "")))
        if isinstance(field, forms.DecimalField):
            wanted |= {"max_digits", "max_decimal_places", "max_whole_digits"}
            wanted.discard("decimal")
        words = words_for(field)
        assert wanted - set(words) - {""} == set(), name


@pytest.mark.django_db
def test_a_row_that_is_not_there_any_more_is_told_in_our_own_words() -> None:
    from sloyfe.organisations.models import Organisation

    rows: models.QuerySet[Organisation] = Organisation.objects.none()

    one = _said(forms.ModelChoiceField(rows), "17")
    several = _said(forms.ModelMultipleChoiceField(rows), ["17"])
    unread = _said(forms.ModelMultipleChoiceField(rows), ["x\0"])

    words = words_for(forms.ModelChoiceField(rows))["invalid_choice"]
    assert one == several == unread == [str(words)]


def test_an_empty_file_is_told_in_our_own_words() -> None:
    said = _said(forms.FileField(), SimpleUploadedFile("tom.csv", b""))

    assert said == [str(words_for(forms.FileField())["empty"])]


def test_a_field_keeps_the_sentence_that_was_written_for_it() -> None:
    field = forms.CharField(error_messages={"required": "Skriv hva kommunen trenger."})

    assert _said(field, "") == ["Skriv hva kommunen trenger."]


def test_limits_are_written_as_people_write_them() -> None:
    with translation.override("nb"):
        assert _said(forms.IntegerField(max_value=1_000_000), "2000000") == [
            "Tallet er for høyt. Skriv 1\xa0000\xa0000 eller mindre."
        ]
        assert _said(forms.FloatField(max_value=1e4), "20000") == [
            "Tallet er for høyt. Skriv 10\xa0000 eller mindre."
        ]
        assert "4000" in _said(forms.CharField(max_length=4000), "x" * 4001)[0]


def test_dates_of_limits_are_written_out() -> None:
    from django.core.validators import MaxValueValidator

    field = forms.DateField(validators=[MaxValueValidator(dt.date(2026, 12, 1))])

    with translation.override("nb"):
        assert "1. desember 2026" in _said(field, "2027-01-01")[0]
