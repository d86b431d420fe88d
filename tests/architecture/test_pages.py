"""What holds for every page: it compiles, and it holds nothing that the security policy would stop."""

from __future__ import annotations

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template

import sloyfe
from sloyfe.ui import menu

PACKAGE = Path(sloyfe.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
INLINE = re.compile(
    r"""<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:|hx-on""",
    re.IGNORECASE,
)
PAGES_OF = "sloyfe."
# Models that anybody may look up: they hold nothing private, or their queryset is narrowed before.
ROLES_IN_MENU = (
    "head_office",
    "owner",
    "national_lead",
    "regional_office",
    "municipality",
    "evaluator",
    "project_group",
    "partner",
    "auditor",
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_template_compiles(path: Path) -> None:
    folder = next(parent for parent in path.parents if parent.name == "templates")

    get_template(str(path.relative_to(folder)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    found = INLINE.search(path.read_text(encoding="utf-8"))

    assert found is None, found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_template_fetches_from_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"""(?:src|action)\s*=\s*["'](?:https?:)?//""", text)
    assert not re.search(r"<link[^>]*href\s*=\s*[\"'](?:https?:)?//", text)


def _private_models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith(PAGES_OF)
        and hasattr(model._default_manager.all(), "visible_to")
    }


def test_no_view_looks_up_a_private_row_past_its_visibility() -> None:
    private = _private_models()
    found = []
    for path in [
        *PACKAGE.glob("*/views.py"),
        *PACKAGE.glob("*/views/*.py"),
        *PACKAGE.glob("*/api.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in {"get_object_or_404", "get_list_or_404"} or not node.args:
                continue
            named = {inner.id for inner in ast.walk(node.args[0]) if isinstance(inner, ast.Name)}
            if named & private:
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")

    assert not found, "use ui.visibility.get_visible_or_404"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    try:
        call_command(
            "makemigrations", "--check", "--dry-run", "--skip-checks", stdout=out, stderr=out
        )
    except SystemExit:
        pytest.fail(out.getvalue())


@pytest.mark.parametrize("role", ROLES_IN_MENU)
def test_the_main_menu_has_at_most_seven_entries(role: str) -> None:
    capacities = {role, menu.SIGNED_IN}

    entries = [entry for entry in menu.ENTRIES.values() if entry.is_for(capacities)]

    assert len(entries) <= menu.MOST_ENTRIES
