# What a person types: up test coverage check fix messages migrations docs bench screenshots lock clean.
# Needs Python 3.11 or newer, make and a C compiler; everything else is put into .venv/ and build/.
# Every recipe is one line. A file that begins with a dot is a stamp: it says when that was last done.

PYTHON ?= python3
PY := .venv/bin/python
UV := $(PY) -m uv --quiet
SLOYFE := $(PY) -m sloyfe.cli.main
LOCKS := requirements.lock requirements-dev.lock
# Once somebody has run the tests here, the packages for tests stay.
LOCK = $(if $(DEV)$(wildcard .venv/.dev),requirements-dev.lock,requirements.lock)
CATALOGUES := $(wildcard src/sloyfe/*/locale/*/LC_MESSAGES/*.po)
STATIC := $(shell find src/sloyfe -path '*/static/*' -type f -not -path '*/vendor/*')
READY := build/.translations build/.static

export DJANGO_SETTINGS_MODULE := sloyfe.config.settings
export PYTHONPATH := $(CURDIR)/src
# Compiled code is kept, whatever the shell says: every process that starts would compile it all anew.
export PYTHONDONTWRITEBYTECODE :=
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.venv/node/bin:$(PATH)

.PHONY: up test coverage check fix messages migrations docs bench screenshots lock clean \
	check-format check-lint check-types check-architecture check-migrations check-docs
.DEFAULT_GOAL := up

## The verbs

up: $(READY)
	@exec $(SLOYFE) up $(ARGS)

test: export DEV := 1
test: .venv/.dev $(READY)
	@$(PY) -m pytest -n 2 --dist loadfile $(ARGS) && echo "make test: everything passed" || { echo "make test: FAILED, see above"; exit 1; }

coverage: export DEV := 1
coverage: .venv/.dev $(READY)
	@$(PY) -m pytest -n 2 --dist loadfile --cov --cov-report= $(ARGS) && $(PY) -m coverage report && $(PY) -m coverage report --include='*/rules.py,*/rules/*,*/permissions.py' --fail-under=96 && $(PY) -m coverage report --include='*/stats/disclose.py' --fail-under=100 && echo "make coverage: as much as it must be" || { echo "make coverage: FAILED, see above"; exit 1; }

check: export DEV := 1
check: .venv/.dev $(READY)
	@$(MAKE) --no-print-directory --keep-going check-format check-lint check-types check-architecture check-migrations check-docs && echo "make check: everything in order"

check-format:
	@$(PY) -m ruff format --check --quiet . || { echo "Format: repair it with make fix"; exit 1; }

check-lint:
	@$(PY) -m ruff check --quiet . || { echo "Lint: make fix repairs what can be repaired without thought"; exit 1; }

check-types:
	@$(PY) -m mypy || { echo "Types: see above"; exit 1; }

check-architecture:
	@$(PY) -c "from importlinter.cli import lint_imports_command as check; check()" --no-cache || { echo "Architecture: see .importlinter and docs/explanation"; exit 1; }

check-migrations:
	@$(PY) -W ignore::RuntimeWarning -m django makemigrations --check --dry-run || { echo "Migrations: make migrations writes what is missing; give it a name that tells what it does"; exit 1; }

check-docs:
	@$(SLOYFE) docs --check || { echo "Documents: make docs prints them again"; exit 1; }

fix: .venv/.dev
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

messages: .venv/.dev
	@for folder in src/sloyfe/*/locale; do (cd "$$folder/.." && "$(CURDIR)/$(PY)" -m django makemessages --locale nb --locale nn --no-location --no-wrap) || exit 1; done

migrations: .venv/.packages
	@$(SLOYFE) manage makemigrations $(ARGS)

docs: .venv/.packages
	@$(SLOYFE) docs $(ARGS)

bench: .venv/.dev $(READY)
	@$(PY) -m bench $(ARGS)

screenshots: .venv/.dev $(READY)
	@$(PY) -m pytest -n 0 tests/screenshots $(ARGS)

lock: .venv/.uv .venv/.node
	@for name in requirements requirements-dev requirements-uv requirements-node; do $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url $$name.in -o $$name.lock $(ARGS) || exit 1; done; npm install --package-lock-only --ignore-scripts

clean:
	@rm -rf build node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis src/sloyfe/ui/static/ui/vendor src/sloyfe/render/fonts; find src tests -name __pycache__ -type d -prune -exec rm -rf {} +; find src -name '*.mo' -delete

## What they need

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Sløyfe needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)' && echo "Making .venv" && { $(PYTHON) -m venv .venv || { echo "Python could not make .venv. On Debian and Ubuntu, install what is missing: apt install python3-venv"; exit 1; }; } && touch $@

.venv/.uv: .venv/.made requirements-uv.lock
	@echo "Installing uv" && $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock && touch $@

.venv/.packages: .venv/.uv $(LOCKS)
	@echo "Installing packages ($(LOCK))" && $(UV) pip sync --python $(PY) --require-hashes $(LOCK) && $(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "sloyfe.pth").write_text(str(pathlib.Path("src").resolve()) + chr(10))' && touch $@

.venv/.dev: .venv/.packages
	@$(UV) pip sync --python $(PY) --require-hashes requirements-dev.lock && touch $@

.venv/.node: .venv/.uv requirements-node.lock
	@{ command -v npm > /dev/null && npm --version > /dev/null; } || { echo "Installing Node" && $(PY) -m venv --without-pip .venv/node && $(UV) pip sync --python .venv/node/bin/python --require-hashes requirements-node.lock; } && touch $@

node_modules/.installed: .venv/.node package-lock.json .npmrc
	@echo "Installing styles and fonts" && npm ci --ignore-scripts --loglevel=error --no-progress > /dev/null && touch $@

build/.assets: node_modules/.installed .venv/.packages src/sloyfe/cli/build.py $(wildcard src/sloyfe/render/fonts.py)
	@echo "Building styles and fonts" && $(SLOYFE) build assets fonts && mkdir -p build && touch $@

build/.translations: .venv/.packages src/sloyfe/cli/build.py $(CATALOGUES)
	@$(SLOYFE) build translations && mkdir -p build && touch $@

build/.static: build/.assets $(STATIC)
	@$(SLOYFE) build static && touch $@
