"""What every page's frame shows, as far as the frame itself knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from sloyfe.ui.menu import Shown

# Each language under its own name, so that somebody who reads no Norwegian finds it.
LANGUAGE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en-gb": "English"}


@dataclass(frozen=True)
class Frame:
    """The frame of one page: whose programme and role it shows, and the menu of that role."""

    programme_title: str = ""
    role_title: str = ""
    is_simulated: bool = False
    menu: list[Shown] = field(default_factory=list)

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, LANGUAGE_NAMES[code]) for code, _ in settings.LANGUAGES]
