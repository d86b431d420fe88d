"""Print one sign-in link per demo role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sloyfe.accounts.actions import make_demo_links


class Command(BaseCommand):
    help = "Print one sign-in link per demo role. Each works once, for seven days."

    def handle(self, *args: Any, **options: Any) -> None:
        for person, url in make_demo_links(now=timezone.now()):
            self.stdout.write(f"{person}\t{url}")
