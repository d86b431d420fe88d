"""What every answer carries, and what is refused before it is read."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import make_world

pytestmark = pytest.mark.django_db


def test_what_a_signed_in_person_sees_is_kept_nowhere(client: Client) -> None:
    client.force_login(make_world().person("owner"))

    for name in ("home:start", "ui:gallery"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


def test_a_file_too_large_is_refused_on_any_page_before_it_is_read(client: Client) -> None:
    large = SimpleUploadedFile("stor.csv", b"x" * (settings.MOST_SENT + 1))

    answer = client.post(reverse("accounts:ask"), {"email": "a@b.invalid", "file": large})

    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 30])
def test_a_length_that_is_no_length_is_refused(client: Client, length: str) -> None:
    answer = client.get(reverse("accounts:ask"), CONTENT_LENGTH=length)

    assert answer.status_code in (400, 413)
