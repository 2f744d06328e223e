# Motorpool. `make run` and `make test` install what they lack; `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
.PHONY: help run test check fix bench screens lock docs

help: ## show the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

run: ## everything with the demo fleet, on http://127.0.0.1:8000
	@$(PYTHON) tools/environment.py run
	@MOTORPOOL_DEMO=$${MOTORPOOL_DEMO:-1} exec $(BIN)/motorpool up

check: ## format, lint, types, imports, sizes, unit tests: under a minute
	@$(PYTHON) tools/environment.py node
	@$(BIN)/python -m tools.check

fix: ## format and mend what a machine can
	@$(PYTHON) tools/environment.py node
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.web fix

test: ## all checks and all tests, browser included
	@$(PYTHON) tools/environment.py test
	@$(BIN)/python -m tools.check
	@$(BIN)/pytest tests/contract tests/integration tests/fault tests/e2e
	@MOTORPOOL_TEST_POSTGRES=16 $(BIN)/pytest tests/contract/test_catalogue.py tests/contract/test_sql.py tests/integration

bench: ## measure, side by side, and print the tables
	@$(PYTHON) tools/environment.py test
	@$(BIN)/python -m benchmarks

screens: ## pictures of every page, both widths, both themes, into screens/
	@$(PYTHON) tools/environment.py test
	@$(BIN)/python -m tools.screens

docs: ## write the generated reference pages anew
	@$(PYTHON) tools/environment.py python
	@$(BIN)/python -m tools.reference

lock: ## write the locks anew
	@$(PYTHON) tools/environment.py lock
