# fenming 分明: `make` lists what there is to do.

# Python 3.11 or newer: the one that .venv was made with, else the first found; `make PYTHON=python3.13 demo` chooses.
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for python in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && exit; \
	done; command -v python3)
endif

RUN := .venv/bin/python -m
SUITE := pytest -q -rs --numprocesses=auto --maxprocesses=4 --dist=worksteal
CODE := engine audit office workflow i18n cli schemas examples tools tests $(wildcard benchmarks)

define setup
	@command -v "$(PYTHON)" >/dev/null || { echo "fenming needs Python 3.11 or newer, and none was found: install it, \
	on Debian or Ubuntu with \`apt install python3 python3-venv python3-dev\`, then run make again." >&2; exit 1; }
	@"$(PYTHON)" tools/setup.py
endef

.PHONY: help demo test thorough lint format readme guide coverage bench soak oracle crashes load bundle bundle-check messages errors \
	schemas lock clean

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## evaluate the example into a fresh ledger and show its card
	$(setup)
	@.venv/bin/fenming demo

test: ## run the tests (about 5 minutes on two cores)
	$(setup) test
	@$(RUN) $(SUITE) -m "not long"

thorough: ## run the tests that `make test` leaves out: every changed byte, killed processes, failing system calls
	$(setup) test
	@$(RUN) $(SUITE) -m long

lint: ## check style, types and translations
	$(setup) test
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy $(CODE)
	@$(RUN) tools.messages --check
	@$(RUN) tools.errors --check
	@$(RUN) tools.editor_schema --check

format: ## put the code into its form
	$(setup) test
	@$(RUN) ruff check --fix-only
	@$(RUN) ruff format

readme: ## do what the READMEs say in a clean clone of the commit
	$(setup)
	@$(RUN) tools.readme --clone

guide: ## do what docs/maintainer-guide says, and write what comes out into it and into rulesets/
	$(setup)
	@$(RUN) tools.guide --update

coverage: ## run every test and tell which branches none of them takes
	$(setup) test
	@$(RUN) $(SUITE) --cov --cov-report=term-missing

bench: ## compare the speed with other engines
	$(setup) test bench
	@$(RUN) benchmarks
	@$(RUN) benchmarks.ledger
	@$(RUN) benchmarks.finding
	@$(RUN) benchmarks.verdicts
	@$(RUN) benchmarks.improving

soak: ## run 100,000 random evaluations
	$(setup) test
	@$(RUN) tests.soak 100000

oracle: ## compare 10,000 random cases with an independent scorer
	$(setup) test
	@$(RUN) tests.oracle 10000

crashes: ## kill 1,000 evaluating processes, and let each system call of one fail
	$(setup) test
	@$(RUN) tests.crashes

load: ## let 8 processes evaluate 10,000 times into one ledger, on each database
	$(setup) test
	@$(RUN) tests.load

bundle: ## make dist/fenming-….tar.gz for machines without a network and a compiler; POSTGRESQL=1 adds its driver
	$(setup)
	@$(RUN) tools.bundle $(if $(POSTGRESQL),--postgresql)

bundle-check: ## install the bundle without a package index and a compiler, run the demo, and let bad bundles fail
	$(setup)
	@$(RUN) tools.bundle.check $(if $(POSTGRESQL),--postgresql)

messages: ## bring the translation catalogues up to date with the code
	$(setup) test
	@$(RUN) tools.messages

schemas: ## make the schema that editors use for rulesets
	$(setup) test
	@$(RUN) tools.editor_schema

errors: ## make the list of errors in docs/ from the code
	$(setup) test
	@$(RUN) tools.errors

# Needs uv. Locks for every platform and Python from 3.11 on, each file by its digest; names no package index.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --upgrade pyproject.toml
lock: ## choose the newest dependencies and lock them (needs uv)
	@$(LOCK) --output-file requirements/runtime.txt
	@$(LOCK:pyproject.toml=) --group build --output-file requirements/build.txt
	@$(LOCK:pyproject.toml=) --group test --constraint requirements/runtime.txt --constraint requirements/build.txt \
		--output-file requirements/test.txt
	@$(LOCK:pyproject.toml=) --group bench --constraint requirements/runtime.txt --constraint requirements/build.txt \
		--output-file requirements/bench.txt

clean: ## remove .venv and what the tools left behind
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
