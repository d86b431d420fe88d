"""Shape of what editors and commenters send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sloyfe.comments.rules import ANSWERS, LONGEST
from sloyfe.comments.texts import OUTCOMES
from sloyfe.instruments.imports import LARGEST
from sloyfe.instruments.rules import InstrumentKind, QuestionKind
from sloyfe.instruments.rules.bank import HELP, QUESTION, Bank
from sloyfe.instruments.rules.definitions import (
    CHOICES,
    INFORMATION,
    Question,
    blank_question,
)
from sloyfe.instruments.rules.definitions import (
    LONGEST as LONGEST_TEXT,
)
from sloyfe.instruments.rules.documents import CODE, LANGUAGES, REQUIRED_LANGUAGES, Notes, Text
from sloyfe.instruments.rules.purposes import PURPOSE_KEYS, REASON, keys_of
from sloyfe.instruments.texts import PREFILLS, QUESTION_KINDS, sentence_for
from sloyfe.ui.faults import ClearForm

# As they stand inside a label: “Wording in nynorsk”.
NAMES = {
    "nb": pgettext_lazy("in a label", "bokmål"),
    "nn": pgettext_lazy("in a label", "nynorsk"),
    "en": pgettext_lazy("in a label", "English"),
}


class _WordingForm(ClearForm):
    """A form with wordings in three languages, checked by the same rules as a file."""

    def _add_wording(
        self,
        name: str,
        label: Any,
        initial: Mapping[str, str] | None,
        *,
        rows: int = 3,
        required: bool = True,
    ) -> None:
        for language in LANGUAGES:
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=_("%(what)s in %(language)s") % {"what": label, "language": NAMES[language]},
                required=required and language in REQUIRED_LANGUAGES,
                initial=(initial or {}).get(language, ""),
                widget=forms.Textarea(attrs={"rows": rows, "lang": language}),
            )

    def _add_purpose(
        self, kind: QuestionKind | None, initial: Mapping[str, Any], *, required: bool
    ) -> None:
        """Add why it is asked, who uses the answer, how it is filled in and what it replaces."""
        keys = keys_of(kind) if kind is not None else PURPOSE_KEYS
        if not keys:
            return
        self._add_wording(
            "why", _("Why it is asked"), initial.get("why"), rows=2, required=required
        )
        self._add_wording(
            "used_by", _("Who uses the answer"), initial.get("used_by"), rows=2, required=required
        )
        self.fields["prefill"] = forms.ChoiceField(
            label=_("Filled in beforehand with"),
            required=False,
            choices=[("", "–"), *((one.value, text) for one, text in PREFILLS.items())],
            initial=initial.get("prefill", ""),
        )
        if "replaces" in keys:
            self.fields["replaces"] = forms.CharField(
                label=_("Replaces"),
                required=False,
                max_length=80,
                initial=initial.get("replaces", ""),
                help_text=_(
                    "Code of the question in the version before that this one takes the place of."
                ),
            )

    def _purpose(self) -> dict[str, Any]:
        """Give what was said about the purpose; a key with nothing in it means that nothing is said."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            name: self._wording(name, most=REASON, optional=True)
            for name in ("why", "used_by")
            if f"{name}_nb" in self.fields
        }
        for name in ("prefill", "replaces"):
            if name in self.fields:
                found[name] = data.get(name) or None
        if found.get("replaces") and not CODE.fullmatch(found["replaces"]):
            self.add_error("replaces", _("Use small letters a–z, digits and underscore."))
        return found

    def _wording(self, name: str, *, most: int, optional: bool = False) -> Text | None:
        raw = {
            language: str(self.cleaned_data.get(f"{name}_{language}") or "").replace("\r\n", "\n")
            for language in LANGUAGES
        }
        raw = {language: wording for language, wording in raw.items() if wording.strip()}
        if optional and not raw:
            return None
        if any(f"{name}_{language}" in self.errors for language in LANGUAGES):
            return raw
        notes = Notes()
        text = notes.text(raw, (), most=most)
        for mistake in notes.mistakes:
            language = mistake.path[0] if mistake.path else mistake.details.get("language", "nb")
            self.add_error(f"{name}_{language}", sentence_for(mistake))
        return text


def _add_rules(form: forms.Form, question: Mapping[str, Any]) -> None:
    """Add the fields that a kind of question has besides its wording."""
    kind = QuestionKind(question["kind"])
    if kind is not QuestionKind.INFORMATION:
        form.fields["required"] = forms.BooleanField(
            label=_("Must be answered"), required=False, initial=question["required"]
        )
    if kind is QuestionKind.MULTIPLE:
        form.fields["max_choices"] = forms.IntegerField(
            label=_("How many may be chosen"),
            required=False,
            min_value=1,
            max_value=len(question["options"]) or 200,
            initial=question["max_choices"],
        )
    if kind is QuestionKind.NUMBER:
        for name, label in (("minimum", _("Lowest value")), ("maximum", _("Highest value"))):
            form.fields[name] = forms.FloatField(
                label=label,
                required=False,
                min_value=-1e12,
                max_value=1e12,
                initial=question[name],
            )
        form.fields["decimals"] = forms.IntegerField(
            label=_("Decimals"), min_value=0, max_value=6, initial=question["decimals"] or 0
        )
    if kind in LONGEST_TEXT:
        form.fields["max_length"] = forms.IntegerField(
            label=_("Room for characters"),
            min_value=1,
            max_value=LONGEST_TEXT[kind],
            initial=question["max_length"],
        )


def _whole(value: float | None) -> int | float | None:
    """Give 5.0 as 5, so that the same limit always has the same content hash."""
    return int(value) if value is not None and value == int(value) else value


class QuestionForm(_WordingForm):
    """One question of a draft: its wording, the wording of its rows, its rules, its scale."""

    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *args: Any,
        question: Question,
        bank: Bank,
        instrument: str = InstrumentKind.QUESTIONNAIRE,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.bank = question, bank
        self.kind = QuestionKind(question["kind"])
        self._add_wording("text", _("Wording"), question["text"])
        self._add_wording("help", _("Help"), question["help"], rows=2, required=False)
        for row in question["rows"]:
            wording = row["text"].get("nb", row["code"])
            self._add_wording(f"row_{row['code']}", f"“{wording}”", row["text"])
        # A questionnaire keeps what its file says of purposes; whoever edits it here is not asked for more.
        if instrument != InstrumentKind.QUESTIONNAIRE:
            report = instrument == InstrumentKind.REPORT
            self._add_purpose(self.kind, question, required=report)
        _add_rules(self, question)
        if self.kind in CHOICES:
            self.fields["scale"] = forms.ChoiceField(
                label=_("Scale from the bank"),
                choices=[(code, code) for code in sorted(bank.scales)],
                initial=question["scale"],
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        information = self.kind is QuestionKind.INFORMATION
        changes: dict[str, Any] = {
            "text": self._wording("text", most=INFORMATION if information else QUESTION),
            "help": self._wording("help", most=HELP, optional=True),
        }
        if self.question["rows"]:
            changes["rows"] = [
                {**row, "text": self._wording(f"row_{row['code']}", most=QUESTION)}
                for row in self.question["rows"]
            ]
        changes |= self._purpose()
        for name in ("required", "max_choices", "decimals", "max_length"):
            if name in self.fields and name in data:
                changes[name] = data[name]
        for name in ("minimum", "maximum"):
            if name in self.fields and name in data:
                changes[name] = _whole(data[name])
        scale = data.get("scale")
        if scale and scale != self.question["scale"]:
            changes["scale"] = scale
            changes["options"] = [dict(option) for option in self.bank.scales[scale]]
        self.changes = changes
        return data


class NewQuestionForm(_WordingForm):
    """A question to be put at the end of a page; an item of the bank may lend its wording."""

    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)
    code = forms.CharField(
        label=_("Code of the question"),
        max_length=80,
        help_text=_(
            "Small letters, digits and underscore. The code of an item in the bank brings its wording."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind of question"),
        choices=[(kind.value, text) for kind, text in QUESTION_KINDS.items()],
    )
    scale = forms.ChoiceField(
        label=_("Scale from the bank"),
        required=False,
        help_text=_("For one answer, several answers and batteries."),
    )
    rows = forms.CharField(
        label=_("Rows of a battery"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Codes of items in the bank, one on each line."),
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)

    def __init__(
        self,
        *args: Any,
        bank: Bank,
        instrument: str = InstrumentKind.QUESTIONNAIRE,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bank = bank
        field = self.fields["scale"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *((code, code) for code in sorted(bank.scales))]
        self._add_wording("text", _("Wording"), None, required=False)
        if instrument != InstrumentKind.QUESTIONNAIRE:
            # Information takes no answer and has no reason, so nothing is required before the kind is known.
            self._add_purpose(None, {}, required=False)
        self.order_fields(["code", "kind", "text_nb", "text_nn", "text_en", "scale", "rows"])

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Use small letters a–z, digits and underscore."))
        return code

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if self.errors:
            return data
        kind = QuestionKind(data["kind"])
        question = blank_question(data["code"], kind.value)
        item = self.bank.items.get(data["code"])
        lent = item is not None and not any(data[f"text_{language}"] for language in LANGUAGES)
        question["text"] = (
            dict(item.text)
            if item is not None and lent
            else self._wording(
                "text", most=INFORMATION if kind is QuestionKind.INFORMATION else QUESTION
            )
        )
        question["required"] = bool(data["required"]) and kind is not QuestionKind.INFORMATION
        if kind in CHOICES:
            scale = data["scale"] or (item.scale if item is not None else None)
            if not scale:
                self.add_error("scale", _("Choose a scale for this kind of question."))
            else:
                question["scale"] = scale
                question["options"] = [dict(option) for option in self.bank.scales[scale]]
        if kind is QuestionKind.BATTERY:
            question["rows"] = self._rows(data["rows"])
        allowed = keys_of(kind)
        question |= {k: said for k, said in self._purpose().items() if said and k in allowed}
        if kind is QuestionKind.NUMBER:
            question["decimals"] = 0
        if kind in LONGEST_TEXT:
            question["max_length"] = 200 if kind is QuestionKind.SHORT_TEXT else 4000
        self.new_question = question
        return data

    def _rows(self, lines: str) -> list[dict[str, Any]]:
        codes = [line.strip() for line in lines.splitlines() if line.strip()]
        if not codes:
            self.add_error("rows", _("A battery needs at least one row."))
        found = []
        for code in codes:
            item = self.bank.items.get(code)
            if item is None:
                message = _("The bank has no item “%(item)s”.") % {"item": code[:80]}
                self.add_error("rows", message)
            else:
                found.append({"code": code, "text": dict(item.text)})
        return found


class SendForm(ClearForm):
    comments_by = forms.DateField(
        label=_("Comments are due by"),
        help_text=_("Comments may be written to the end of this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comments_by"].widget.attrs["min"] = today.isoformat()


class UploadForm(ClearForm):
    file = forms.FileField(
        label=_("File with the form"),
        help_text=_("YAML in UTF-8, as described in the reference under instruments."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(most)s kB.") % {"most": LARGEST // 1000}
            )
        return file


class CommentForm(ClearForm):
    anchor = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Your comment"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, anchors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["anchor"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("The whole form")), *anchors]


class AnswerForm(ClearForm):
    outcome = forms.ChoiceField(
        label=_("What was done"),
        choices=[(outcome.value, OUTCOMES[outcome]) for outcome in ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why, and what was changed"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
