"""What is made from other files."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from sloyfe.cli import build
from sloyfe.common.errors import InputProblem

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(package: Path, text: str, language: str = "nn") -> Path:
    folder = package / "app" / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "django.po"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def node_modules(root: Path) -> Path:
    for path in build.STYLES.values():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("a{b:c}\n/*# sourceMappingURL=index.css.map */\n")
    files = root / "@fontsource/inter/files"
    files.mkdir(parents=True)
    for weight in build.WEIGHTS:
        faces = []
        for subset in build.SUBSETS:
            (files / f"inter-{subset}-{weight}-normal.woff2").write_bytes(b"font")
            faces.append(
                f"/* inter-{subset}-{weight}-normal */\n@font-face {{ unicode-range: U+{weight}; }}"
            )
        (files.parent / f"{weight}.css").write_text("\n".join(faces))
    return root


def test_translations_are_compiled_beside_their_source(tmp_path: Path) -> None:
    path = catalogue(tmp_path, 'msgid "Answer %(name)s"\nmsgstr "Svar %(name)s, ikkje vent"\n')

    build.compile_translations(tmp_path)

    with path.with_suffix(".mo").open("rb") as file:
        told = gettext.GNUTranslations(file)
    assert told.gettext("Answer %(name)s") == "Svar %(name)s, ikkje vent"


def test_a_translation_that_loses_a_slot_is_refused_with_file_and_line(tmp_path: Path) -> None:
    catalogue(tmp_path, '#, python-format\nmsgid "Answer %(name)s"\nmsgstr "Svar"\n')

    with pytest.raises(InputProblem) as caught:
        build.compile_translations(tmp_path)

    assert "nn/LC_MESSAGES/django.po:6" in str(caught.value)


def test_the_singular_may_leave_out_the_number(tmp_path: Path) -> None:
    catalogue(
        tmp_path,
        'msgid "%(n)s answer"\nmsgid_plural "%(n)s answers"\n'
        'msgstr[0] "Eitt svar"\nmsgstr[1] "%(n)s svar"\n',
    )

    build.compile_translations(tmp_path)


def test_a_broken_catalogue_is_refused_and_the_others_are_told_too(tmp_path: Path) -> None:
    catalogue(tmp_path, 'rubbish "a"\n', "nb")
    catalogue(tmp_path, 'rubbish "a"\n', "nn")

    with pytest.raises(InputProblem) as caught:
        build.compile_translations(tmp_path)

    assert {problem.source for problem in caught.value.problems} == {
        "app/locale/nb/LC_MESSAGES/django.po",
        "app/locale/nn/LC_MESSAGES/django.po",
    }


def test_our_own_catalogues_compile() -> None:
    for path in build.PACKAGE.glob("*/locale/*/LC_MESSAGES/*.mo"):
        path.unlink()

    build.compile_translations()


def test_styles_are_copied_without_the_name_of_a_map_that_is_not_there(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"

    build.copy_assets(node_modules(tmp_path / "node_modules"), vendor)

    for name in build.STYLES:
        assert (vendor / name).read_text() == "a{b:c}\n"


def test_every_weight_of_inter_is_copied_with_the_characters_it_holds(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"

    build.copy_assets(node_modules(tmp_path / "node_modules"), vendor)

    faces = (vendor / "inter.css").read_text()
    for weight in build.WEIGHTS:
        for subset in build.SUBSETS:
            name = f"inter-{subset}-{weight}-normal.woff2"
            assert (vendor / name).exists()
            assert f"url('{name}')" in faces
        assert f"unicode-range: U+{weight};" in faces


def test_a_package_that_npm_has_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(build.MissingPackage, match="npm ci"):
        build.copy_assets(tmp_path / "node_modules", tmp_path / "vendor")
