"""Tags for the components; loaded in every template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from sloyfe.common.errors import Problem
from sloyfe.ui.components import Button, Crumb, FieldProblem, Step, Work
from sloyfe.ui.fields import SometimesNeeded
from sloyfe.ui.tables import dress
from sloyfe.ui.texts import TABLE_PROBLEMS

register = template.Library()


@register.inclusion_tag("ui/button.html", takes_context=True)
def button(context: dict[str, Any], button: Button) -> dict[str, Any]:
    """Show a button, or the reason why it may not be pressed."""
    return {"button": button, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("ui/steps.html")
def steps(steps: Iterable[Step], label: str = "") -> dict[str, Any]:
    """Show where a process stands."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/work.html")
def work(work: Work) -> dict[str, Any]:
    """Show long work: what it does, how far it has come."""
    return {"work": work}


@register.inclusion_tag("ui/marks.html")
def marks(marks: Iterable[str | Promise]) -> dict[str, Any]:
    """Show what kind of figures these are, in words: simulated, rebuilt, provisional, small."""
    return {"marks": [mark for mark in marks if mark]}


@register.inclusion_tag("ui/tag.html")
def tag(label: str | Promise, color: str = "neutral") -> dict[str, Any]:
    """Show a state in a word."""
    return {"label": label, "color": color}


@register.inclusion_tag("ui/empty.html", takes_context=True)
def empty(
    context: dict[str, Any],
    title: str | Promise,
    text: str | Promise = "",
    button: Button | None = None,
) -> dict[str, Any]:
    """Tell what will stand on a page that has nothing yet, and how to start."""
    token = context.get("csrf_token", "")
    return {"title": title, "text": text, "button": button, "csrf_token": token}


@register.inclusion_tag("ui/pages.html")
def pages(page: Any, query: str = "") -> dict[str, Any]:
    """Show the way to the page before and the page after; `query` keeps a filter."""
    return {"page": page, "query": query}


@register.simple_block_tag
def alert(content: str, color: str = "info") -> SafeString:
    """Show a box that says something important: info, success, warning or danger."""
    return format_html('<div class="ds-alert" data-color="{}">{}</div>', color, content)


@register.simple_block_tag
def table(
    content: str,
    label: str | Promise = "",
    labelledby: str = "",
    look: str = "",
    size: str = "",
    wide: bool = False,
    sortable: bool = False,
    after: bool = False,
) -> SafeString:
    """Show a table: its rows under each other on a phone, or in a frame that scrolls where it is `wide`.

    Every table of the pages is made here. `label` or `labelledby` names it, `look` is a class of its own.
    """
    return render_to_string(
        "ui/table.html",
        {
            "content": mark_safe(dress(content)),  # noqa: S308 - rendered by the template around it
            "has_caption": "<caption" in content,
            "label": label,
            "labelledby": labelledby,
            "look": look,
            "size": size,
            "wide": wide,
            "sortable": sortable,
            "after": after,
        },
    )


@register.inclusion_tag("ui/crumbs.html", takes_context=True)
def trail(context: template.Context, crumbs: Iterable[Crumb]) -> dict[str, Any]:
    """Show the way to a page, without the page itself, whose title follows; on a phone only the step up."""
    request = context.get("request")
    here = request.path if request else ""
    way = [crumb for crumb in crumbs if crumb.url and crumb.url != here]
    return {"way": way, "up": way[-1] if way else None}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(source: BaseForm | Iterable[FieldProblem] | None) -> dict[str, Any]:
    """Show everything that must be put right, each as a link to its field."""
    if isinstance(source, BaseForm):
        problems = [FieldProblem(str(text)) for text in source.non_field_errors()]
        for bound in source:
            problems += [
                FieldProblem(f"{bound.label}: {text}", _target(bound)) for text in bound.errors
            ]
        return {"problems": problems}
    return {"problems": list(source or ())}


def _target(bound: BoundField) -> str:
    """The id that a link to a field jumps to: of a group, its first choice."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return str(bound.auto_id)


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show a form field with label, help and what is wrong with it."""
    widget = bound.field.widget
    common: dict[str, Any] = {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": bound.label,
        "help": bound.help_text,
        "errors": list(bound.errors),
        "optional": not bound.field.required and not isinstance(bound.field, SometimesNeeded),
    }
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        options = [
            {
                "value": option.data["value"],
                "id": option.id_for_label,
                "label": option.choice_label,
                "checked": option.data["selected"],
            }
            for option in bound.subwidgets
        ]
        # Django's group of checkboxes is a kind of its group of radio buttons.
        kind = "checkbox" if isinstance(widget, CheckboxSelectMultiple) else "radio"
        return common | {"kind": "choice", "input_type": kind, "options": options}
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attributes: dict[str, str | bool] = {"class": "ds-input"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = "check" if isinstance(widget, CheckboxInput) else "plain"
    return common | {"kind": kind, "widget": bound.as_widget(attrs=attributes)}


@register.filter
def problem(one: Problem) -> str:
    """Say what is wrong in a file and where, in the reader's language."""
    text = str(TABLE_PROBLEMS.get(one.code, one.message))
    if one.row is not None and one.column:
        return gettext("Row %(row)s, %(column)s: %(text)s") % {
            "row": one.row,
            "column": one.column,
            "text": text,
        }
    if one.row is not None:
        return gettext("Row %(row)s: %(text)s") % {"row": one.row, "text": text}
    if one.column:
        return gettext("%(column)s: %(text)s") % {"column": one.column, "text": text}
    return text


def pick(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """Give the wording in the reader's language; falls back to bokmål, then to what there is."""
    if not texts:
        return ""
    code = (language or get_language() or "nb").split("-")[0]
    return texts.get(code) or texts.get("nb") or next(iter(texts.values()), "")


@register.filter
def wording(texts: dict[str, str] | None) -> str:
    """Show data with nb, nn and en columns in the reader's language."""
    return pick(texts)
