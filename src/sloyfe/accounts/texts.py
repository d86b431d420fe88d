"""Words of sign-in: refusals, what stands in the audit trail, and the letter with the link."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "accounts.link.used": _("This link has been used. Ask for a new one."),
    "accounts.link.expired": _("This link is too old. Ask for a new one."),
    "accounts.link.unknown": _(
        "This link does not work. If you have got a newer letter, use the link in that one. If not, ask for a new link."
    ),
    "accounts.link.too_many": _(
        "Too many links have been asked for. Wait an hour, or use the last letter that you got."
    ),
    "accounts.language.unknown": _("Sløyfe does not speak that language."),
}

EVENTS = {
    "accounts.link.made": _("A sign-in link was made for %(about)s."),
    "accounts.sign_in": _("%(about)s signed in."),
    "accounts.sign_in.organisation": _(
        "%(about)s signed in through the organisation’s own sign-in."
    ),
    "accounts.sign_out": _("%(about)s signed out."),
    "accounts.language": _("%(about)s chose another language."),
}

LETTER_SUBJECT = _("Your link to Sløyfe")
LETTER_BODY = _(
    "Hello!\n\nYou, or somebody who wrote your address, asked to sign in to Sløyfe."
    " Open this link and press the button on the page:\n\n%(url)s\n\n"
    "The link works once, and for %(minutes)s minutes. If you did not ask for it, you need do nothing.\n"
)
