"""The respondents, in a process of their own, so that what they cost is told apart.

`python -m bench.drive PORT CLIENTS` reads one link per line and prints what was seen as JSON. With
``--baseline`` it asks the bare Django of `bench.baseline` the same number of times.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import defaultdict

from tests.load.respondents import Browser, Respondent

from bench.questionnaire import answers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("clients", type=int)
    parser.add_argument("--baseline", action="store_true")
    args = parser.parse_args()
    waiting = list(enumerate(sys.stdin.read().split()))
    total = len(waiting)
    seen: dict[str, list[float]] = defaultdict(list)
    troubles: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        own: dict[str, list[float]] = defaultdict(list)
        while True:
            with lock:
                if not waiting or troubles:
                    break
                unit, link = waiting.pop()
            browser = Browser(args.port, seconds=60)
            try:
                if args.baseline:
                    _baseline(browser, link, own)
                else:
                    tell = lambda kind, seconds: own[kind].append(seconds)  # noqa: E731
                    Respondent(browser, link, answers(unit), seen=tell).answer_all()
            except Exception as trouble:
                troubles.append(repr(trouble)[:3000])
            finally:
                browser.close()
        with lock:
            for kind, seconds in own.items():
                seen[kind] += seconds

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _client in range(args.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    if troubles:
        sys.exit(troubles[0])
    told = {"responses": total, "wall": wall, "cpu": time.process_time(), "seen": seen}
    sys.stdout.write(json.dumps(told))


def _baseline(browser: Browser, link: str, own: dict[str, list[float]]) -> None:
    """Ask as often as a respondent does: 13 times to read and 11 times to write."""
    for at in range(24):
        began = time.perf_counter()
        answer = browser.post(link, {"value": str(at)}) if at % 2 and at < 22 else browser.get(link)
        own["baseline"].append(time.perf_counter() - began)
        assert answer.status == 200, answer.body[:500]


if __name__ == "__main__":
    main()
