"""Pages about Sløyfe itself: accessibility, privacy, and where to say what does not work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.common.errors import NotPossible
from sloyfe.home import actions
from sloyfe.home.forms import FeedbackForm
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import sentence


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Send what somebody says does not work to those who run this installation."""
    form = FeedbackForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_feedback(
                text=form.cleaned_data["text"],
                reply_to=form.cleaned_data["email"],
                client=str(request.META.get("REMOTE_ADDR", "")),
            )
        except NotPossible as refusal:
            refused = sentence(refusal)
        else:
            say(request, _("Thank you. Your message has been sent."))
            return redirect("home:feedback")
    status = 429 if refused else 422 if form.is_bound else 200
    return render(request, "home/feedback.html", {"form": form, "refused": refused}, status=status)
