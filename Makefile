# The two commands of the README are `make plan` and `make test`; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# --no-compile: the provider SDKs hold thousands of modules, of which a program uses a few.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help plan test long check format bench soak schema tables lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/runtime.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dolmen needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.txt locks (once) ..." >&2
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/development.stamp: requirements-dev.txt $(VENV)/runtime.stamp
	@echo "Installing what requirements-dev.txt locks (once) ..." >&2
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

$(BIN)/dolmen: pyproject.toml $(VENV)/runtime.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

plan: $(BIN)/dolmen ## the plan of every stack, without an account
	@$(BIN)/dolmen plan $(STACK)

test: $(VENV)/development.stamp $(BIN)/dolmen ## the tests, but for those that take long
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

long: $(VENV)/development.stamp $(BIN)/dolmen ## the tests that take long, as CI runs them too
	@DOLMEN_LONG=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m long $(ARGS)

check: $(VENV)/development.stamp ## format, lint, strict types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright

format: $(VENV)/development.stamp ## put every file into the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/development.stamp ## measurements, as ratios within one run
	@for name in plan policies review reports closed kept up; do echo "bench/$$name.py"; $(BIN)/python bench/$$name.py; done

soak: $(VENV)/development.stamp ## every test, with the complete forms of the fault and fuzz tests
	@DOLMEN_SOAK=1 $(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

schema: $(VENV)/runtime.stamp ## write the schemas of stack file and stack output from the models
	@$(BIN)/python -m components.platform.schema > stacks/stack.schema.json.new && mv stacks/stack.schema.json.new stacks/stack.schema.json
	@$(BIN)/python -m dolmen.outputs.schema

tables: $(VENV)/runtime.stamp ## write what rooms copy from each other, and the reference of the policies
	@$(BIN)/python tools/tables.py

lock: ## write the locks anew (needs uv)
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal -p 3.11 --extra platform --extra checkout -q -o requirements.txt
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal -p 3.11 --extra platform --extra checkout --extra development -c requirements.txt -q -o requirements-dev.txt

clean: ## remove what the other targets made
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
