"""Measure what answering and adding up costs, on servers as `sloyfe up` starts them, with all data of their own."""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from tests.installation import Installation, free_port, installed

from bench.meter import Use, seconds_of, use_of
from bench.pages import MOST_SECONDS as MOST_PAGE
from bench.questionnaire import KINDS, PAGES, definition
from bench.rollup import MOST_PAGE_SECONDS, MOST_SECONDS
from sloyfe.cli import commands

MOST_CPU, AIM_CPU, MOST_STATEMENTS = 0.06, 0.04, 15
CLIENTS = (2, 8, 50)
FEW, MANY = 1_000, 100_000
WARM_UP = 20


@dataclass(frozen=True)
class Run:
    """What one measurement has shown."""

    responses: int
    wall: float
    use: Use
    client_cpu: float
    seen: dict[str, list[float]]

    @property
    def requests(self) -> list[float]:
        return [seconds for kind in self.seen.values() for seconds in kind]

    @property
    def per_second(self) -> float:
        return self.responses / self.wall

    @property
    def cpu(self) -> float:
        return self.use.total / self.responses

    def told(self) -> dict[str, float]:
        return {
            "responses": self.responses,
            "responses_per_second": self.per_second,
            "cpu_seconds_per_response": self.cpu,
            "cpu_web": self.use.web / self.responses,
            "cpu_database": self.use.database / self.responses,
            "cpu_worker": self.use.worker / self.responses,
            "cpu_load_generator": self.client_cpu / self.responses,
            "p50_ms": percentile(self.requests, 50) * 1000,
            "p95_ms": percentile(self.requests, 95) * 1000,
        }


def percentile(values: list[float], share: int) -> float:
    """Give the smallest value that at least `share` percent of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)]


class Bench:
    """One installation under measurement; hands out each link once."""

    def __init__(self, installation: Installation, links: list[str]) -> None:
        self.installation = installation
        self.links = links
        assert installation.process is not None
        self.supervisor = installation.process.pid

    def take(self, count: int) -> list[str]:
        taken, self.links = self.links[:count], self.links[count:]
        assert len(taken) == count, "too few cases were made"
        return taken

    def run(self, clients: int, count: int) -> Run:
        links = self.take(count)
        before = use_of(self.supervisor)
        told = drive(self.installation, self.installation.port, clients, links)
        return _run(told, use_of(self.supervisor).since(before))

    def baseline(self, clients: int, count: int) -> Run:
        """The same number of requests to a bare Django on the same web server and database."""
        with psycopg.connect(self.installation.cluster.url(), autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS bench_row (id int PRIMARY KEY, value text)"
            )
            connection.execute(
                "INSERT INTO bench_row SELECT n, '' FROM generate_series(1, 10000) n"
                " ON CONFLICT DO NOTHING"
            )
        port = free_port()
        command = commands.web_server()
        command[command.index("--port") + 1] = str(port)
        command[-1] = "bench.baseline:application"
        url = {"DATABASE_URL": self.installation.cluster.url()}
        server = subprocess.Popen(
            command,
            env=self.installation.environ | url,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process = psutil.Process(server.pid)
            _wait_for(port)
            links = [f"/row/{at}/" for at in range(1, count + 1)]
            drive(self.installation, port, clients, links[: WARM_UP // 2], "--baseline")
            web, database = seconds_of(process), use_of(self.supervisor).database
            told = drive(self.installation, port, clients, links, "--baseline")
            used = Use(seconds_of(process) - web, use_of(self.supervisor).database - database, 0.0)
            return _run(told, used)
        finally:
            server.terminate()
            server.wait()


def _run(told: dict[str, Any], use: Use) -> Run:
    return Run(told["responses"], told["wall"], use, told["cpu"], told["seen"])


def _wait_for(port: int) -> None:
    from tests.load.respondents import Browser, Gone

    browser = Browser(port)
    for _try in range(200):
        try:
            browser.get("/row/1/")
        except Gone:
            time.sleep(0.1)
        else:
            break
    browser.close()


def drive(
    installation: Installation, port: int, clients: int, links: list[str], *more: str
) -> dict[str, Any]:
    """Let respondents loose from a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.drive", str(port), str(clients), *more],
        input="\n".join(links),
        env=installation.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def say(words: str = "") -> None:
    print(words, flush=True)


def row(name: str, run: Run) -> None:
    told = run.told()
    say(
        f"{name:<34}{told['responses_per_second']:>8.1f}{told['cpu_seconds_per_response']:>9.4f}"
        f"{told['cpu_web']:>9.4f}{told['cpu_database']:>9.4f}{told['cpu_load_generator']:>9.4f}"
        f"{told['p50_ms']:>8.1f}{told['p95_ms']:>8.1f}"
    )


HEAD = (
    f"{'':<34}{'resp/s':>8}{'CPU s':>9}{'web':>9}{'database':>9}{'(client)':>9}"
    f"{'p50 ms':>8}{'p95 ms':>8}"
)


def measure(bench: Bench, *, quick: bool) -> dict[str, Any]:
    """Do all measurements, and say each as it comes."""
    size = 40 if quick else 120
    rounds = 1 if quick else 2
    found: dict[str, Any] = {}
    installation = bench.installation

    told = installation.run_python("bench.statements", *bench.take(2))
    counts: dict[str, int] = json.loads(told)
    say(f"SQL statements for each kind of page (at most {MOST_STATEMENTS}):")
    say("  " + ", ".join(f"{kind} {count}" for kind, count in counts.items()))
    found["statements"] = counts

    bench.run(8, WARM_UP)
    installation.run_python("bench.fill", "bench", str(FEW))
    say()
    say(HEAD)
    base = bench.baseline(8, size)
    row("baseline: bare Django, 8 clients", base)
    found["baseline"] = base.told()
    runs: dict[int, Run] = {}
    for clients in CLIENTS:
        runs[clients] = bench.run(clients, size)
        row(f"{clients} clients, {FEW} stored", runs[clients])
        found[f"clients_{clients}"] = runs[clients].told()
    few = [bench.run(8, size) for _round in range(rounds)]
    base_few = bench.baseline(8, size)
    installation.run_python("bench.fill", "bench", str(MANY))
    bench.run(8, WARM_UP)
    many = [bench.run(8, size) for _round in range(rounds)]
    base_many = bench.baseline(8, size)
    row(f"8 clients, {FEW} stored, again", few[-1])
    row(f"8 clients, {MANY} stored", many[-1])
    row("baseline beside the former", base_few)
    row("baseline beside the latter", base_many)

    cpu_ratio = _middle(many) / _middle(few)
    # The machine may have become slower or faster in between, which the baseline tells.
    cpu_ratio_even = cpu_ratio / (base_many.cpu / base_few.cpu)
    cpu = statistics.median([runs[2].cpu, runs[8].cpu, *(run.cpu for run in few)])
    base_cpu = statistics.median([base.cpu, base_few.cpu, base_many.cpu])
    found |= {
        "cpu_seconds_per_response": cpu,
        "ratio_to_baseline": cpu / base_cpu,
        "ratio_cpu_many_to_few": cpu_ratio,
        "ratio_cpu_many_to_few_by_baseline": cpu_ratio_even,
    }
    say()
    say("p50 and p95 in ms by kind of request:")
    for kind in runs[2].seen:
        parts = [
            f"{clients} clients {percentile(run.seen[kind], 50) * 1000:.0f}/"
            f"{percentile(run.seen[kind], 95) * 1000:.0f}"
            for clients, run in runs.items()
        ]
        say(f"  {kind:<9}" + ", ".join(parts))
    say()
    say(
        f"CPU seconds for a complete response: {cpu:.4f}"
        f" (at most {MOST_CPU}, aim {AIM_CPU}); {cpu / base_cpu:.2f} times the baseline"
    )
    say(
        f"{MANY} stored against {FEW}: CPU × {cpu_ratio:.2f};"
        f" × {cpu_ratio_even:.2f} when measured by the baseline run beside each"
    )
    worst = max(counts.values())
    verdicts = {"CPU seconds": cpu <= MOST_CPU, "statements": worst <= MOST_STATEMENTS}
    say(
        "; ".join(
            f"{name}: {'within' if good else 'ABOVE'} the limit" for name, good in verdicts.items()
        )
    )
    return found


def measure_rollup(installation: Installation) -> dict[str, Any]:
    """Let the results of fifteen years be added up, and say how long it took."""
    found: dict[str, Any] = json.loads(installation.run_python("bench.rollup"))
    say()
    say(
        f"Roll-up of {found['values']} values without cache: as reported"
        f" {found['as_reported_seconds']:.3f} s, in today's structure {found['today_seconds']:.3f} s"
        f" (at most {MOST_SECONDS}); {found['ratio_to_baseline']:.1f} times the baseline"
        f" SELECT count(*), sum(value), {found['baseline_seconds']:.3f} s"
    )
    pages = ", ".join(f"{name} {s * 1000:.0f} ms" for name, s in found["pages"].items())
    say(f"Pages with ten years of 24 results (at most {MOST_PAGE_SECONDS * 1000:.0f} ms): {pages}")
    return found


def measure_pages(installation: Installation) -> dict[str, Any]:
    """Let every page be read by every role with ten years of data, and say the slowest."""
    found: dict[str, Any] = json.loads(installation.run_python("bench.pages"))
    pages = found["pages"]
    slow = sorted(pages, key=lambda page: -page["seconds"])
    asking = max(pages, key=lambda page: page["queries"])
    say()
    say(
        f"{len(pages)} pages by role with {found['years']} years of data ({found['reports']} reports)"
        f" against the baseline, a page of words alone, {found['baseline_seconds'] * 1000:.0f} ms:"
        f" median {statistics.median(page['ratio'] for page in pages):.1f} times,"
        f" most {max(page['ratio'] for page in pages):.1f} times"
    )
    above = [page for page in pages if page["seconds"] > MOST_PAGE]
    say(
        f"  above {MOST_PAGE * 1000:.0f} ms: {len(above)}; most statements {asking['queries']}"
        f" (at most {MOST_STATEMENTS}), {asking['role']} {asking['path']}"
    )
    for page in slow[:10]:
        say(
            f"  {page['seconds'] * 1000:>5.0f} ms {page['queries']:>3}  {page['role']} {page['path']}"
        )
    return found


def _middle(runs: list[Run]) -> float:
    return statistics.median(run.cpu for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer responses, about half the time")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    began = time.monotonic()
    say(
        f"{len(KINDS)} questions on {PAGES} pages; {os.cpu_count()} processors, load before"
        f" {os.getloadavg()[0]:.1f}. Making an installation …"
    )
    with installed(prepared=True) as installation:
        words = ["round", "--slug", "bench", "--definition", json.dumps(definition())]
        made = installation.run_python("tests.load.rounds", *words, "--units", "1000")
        bench = Bench(installation, [unit["path"] for unit in json.loads(made)])
        found = measure(bench, quick=args.quick)
        found["rollup"] = measure_rollup(installation)
    with installed(prepared=True) as installation:
        found["pages"] = measure_pages(installation)
    say(f"({time.monotonic() - began:.0f} s in all)")
    if args.json:
        args.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
