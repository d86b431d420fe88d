"""Inter is built from the pinned web font, with Norwegian and Sámi letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from sloyfe.common.errors import SettingProblem
from sloyfe.render import fonts


def test_the_built_typeface_has_norwegian_and_sami_letters_and_the_signs_of_numbers() -> None:
    assert fonts.characters() >= set("æøåÆØÅáÁčČđĐŋŊšŠŧŦžŽäöü–—−«»…•·§%½\u2009\u00a0")


def test_missing_npm_packages_and_missing_fonts_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingProblem, match="npm ci"):
        fonts.build(tmp_path, tmp_path / "fonts")
    with pytest.raises(SettingProblem, match="make up"):
        fonts.check(tmp_path)
