"""The `sloyfe` command: one verb, one module.

A verb's module has `add_arguments(parser)` and `run(args) -> int`, and is imported only when its
verb is asked for: `up` must not load Django. A module that needs Django calls
`connection.use_django()` first in `run`.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sloyfe.common.environment import refuse_misspelt
from sloyfe.common.errors import InputProblem, SloyfeError
from sloyfe.database.problems import DatabaseProblem

INTERRUPTED = 130
DATABASE_PROBLEM = 7


@dataclass(frozen=True)
class Verb:
    """One thing the command can do, and the module that does it."""

    name: str
    words: str

    @property
    def module(self) -> str:
        """The dotted name of the module."""
        return "sloyfe.cli." + self.name.replace("-", "_")


VERBS = (
    Verb("up", "start database, web server and worker, and keep them running"),
    Verb("stop", "stop what `up` started"),
    Verb("status", "tell what is running"),
    Verb("web", "run the web server alone, for installations with their own supervision"),
    Verb("worker", "run the worker alone, for installations with their own supervision"),
    Verb("build", "make styles, fonts, translations and static files from their sources"),
    Verb("docs", "print the reference pages that are made from the code"),
    Verb("manage", "run one of Django's own commands"),
    Verb("load-content", "load the programmes that come with Sløyfe; may be run again"),
    Verb("load-programme", "load a programme from a folder of YAML files"),
    Verb("import-members", "import a sourced list of the municipalities in a programme"),
    Verb("add-person", "let a person sign in as somebody who works in an office of a programme"),
    Verb("draw", "draw a sample by strata from any CSV file"),
    Verb("freeze", "freeze the answers of a closed round"),
    Verb("export-archive", "write a year's case documents out for the archive"),
)


def verbs() -> list[Verb]:
    """The verbs whose modules are there."""
    return [verb for verb in VERBS if importlib.util.find_spec(verb.module)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit code; what somebody can do about a refusal is printed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    parser = argparse.ArgumentParser(
        prog="sloyfe",
        description="Runs a public programme towards municipalities and follow-evaluates it.",
    )
    choices = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in verbs():
        # Only the verb that was asked for is loaded; the others are there to be listed.
        asked = verb.name in given[:1]
        choice = choices.add_parser(
            verb.name,
            help=verb.words,
            description=verb.words[0].upper() + verb.words[1:] + ".",
            # Django's commands have their own --help.
            add_help=verb.name != "manage",
            prefix_chars="\0" if verb.name == "manage" else "-",
        )
        if asked:
            module = importlib.import_module(verb.module)
            module.add_arguments(choice)
            choice.set_defaults(run=module.run)
    try:
        args = parser.parse_args(given)
        refuse_misspelt()
        return int(args.run(args))
    except InputProblem as problem:
        for one in problem.problems:
            print(one, file=sys.stderr)
        return problem.exit_code
    except SloyfeError as problem:
        print(f"sloyfe: {problem}", file=sys.stderr)
        return problem.exit_code
    except DatabaseProblem as problem:
        print(f"sloyfe: {problem}", file=sys.stderr)
        return DATABASE_PROBLEM
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
