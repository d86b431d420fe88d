"""Pages of a questionnaire, made once and filled per respondent.

A released form never changes, so a page is rendered once per process, version and language, with marks where
people differ, and cut at the marks. Showing it is then joining strings: some hundredths of a millisecond
instead of several for a battery of 18 rows. Pages with errors, which are few, are rendered whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape

from sloyfe.fieldwork.actions.answers import OpenCase, form_of
from sloyfe.instruments.rules.answers import Page
from sloyfe.instruments.rules.pages import Dynamic, page_view, value_text

# Control characters cannot stand in a form's wording, so a mark is never taken for text.
_OPEN, _CLOSE = "\x02", "\x03"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def mark(name: str) -> str:
    """Give the mark for a part that is filled in later."""
    return f"{_OPEN}{name}{_CLOSE}"


@dataclass(frozen=True)
class Sheet:
    """A rendered page cut at its marks: what stands between them, and their names."""

    between: tuple[str, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """Give the page with its marks filled; a mark without a value becomes nothing. Values are HTML."""
        parts = [self.between[0]]
        for name, text in zip(self.names, self.between[1:], strict=True):
            parts.append(values.get(name, ""))
            parts.append(text)
        return "".join(parts)


def cut(html: str) -> Sheet:
    """Cut rendered HTML at its marks."""
    pieces = _MARK.split(html)
    return Sheet(tuple(pieces[0::2]), tuple(pieces[1::2]))


# What surrounds the questions and differs from person to person.
FRAME = ("base", "query", "revision", "position", "total", "round", "organisation", "back", "path")


@lru_cache(maxsize=1024)
def _sheet(
    version_id: int, content_hash: str, page_code: str, language: str, is_simulated: bool
) -> Sheet:
    page = form_of(version_id, content_hash).by_page[page_code]
    marks = Dynamic(
        checked=lambda item, option: mark(f"c {item} {option}"),
        value=lambda item: mark(f"v {item}"),
        hidden=lambda question: mark(f"h {question}"),
        organisation=mark("organisation"),
    )
    context = {
        **{name: mark(name) for name in FRAME},
        "page": page_view(page, language, marks),
        "is_simulated": is_simulated,
        "language": language,
        "languages": form_of(version_id, content_hash).languages,
    }
    return cut(get_template("fieldwork/respondent/page.html").render(context))


def page_html(
    case: OpenCase,
    page: Page,
    language: str,
    *,
    frame: Mapping[str, str],
    asked: frozenset[str],
) -> str:
    """Show a page with the saved answers. Call it inside the language that it is to be in."""
    sheet = _sheet(case.version_id, case.content_hash, page.code, language, case.is_simulated)
    values: dict[str, str] = {name: escape(text) for name, text in frame.items()}
    for question in page.questions:
        if question.relevant is not None and question.code not in asked:
            values[f"h {question.code}"] = "hidden"
        for item in question.items:
            answer = case.answers.get(item)
            if answer is None:
                continue
            if question.options:
                for option in answer if isinstance(answer, list) else [answer]:
                    values[f"c {item} {option}"] = "checked"
            else:
                values[f"v {item}"] = escape(value_text(answer))
    return sheet.filled(values)


def troubled_page_html(
    case: OpenCase,
    page: Page,
    language: str,
    *,
    frame: Mapping[str, str],
    dynamic: Dynamic,
    summary: Sequence[tuple[str, str]],
    alert: str = "",
) -> str:
    """Show a page as it was sent, with what is wrong: at the top with links, and at each field.

    `summary` holds pairs of field id (empty where there is no field) and sentence.
    """
    context: dict[str, Any] = {
        **frame,
        "page": page_view(page, language, dynamic),
        "is_simulated": case.is_simulated,
        "language": language,
        "languages": case.form.languages,
        "summary": summary,
        "alert": alert,
    }
    return get_template("fieldwork/respondent/page.html").render(context)
