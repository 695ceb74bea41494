# Two commands on a fresh machine: `make demo` and `make test`. Needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO ?= build/demo

.PHONY: help demo test check soak bench clients mutants pictures templates messages clean

help:
	@echo "make demo    install into $(VENV), run the whole round on the example, say where to look"
	@echo "make test    install, get the tools that tests need, check, run the suite"
	@echo "make check   linters, types, room contract"
	@echo "make soak    the whole of the big loops (long)"
	@echo "make bench   the measured claims, as a table and JSON"

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ledgergen needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/installed
	rm -rf $(DEMO)
	$(BIN)/ledgergen demo $(DEMO)

test: check
	$(PYTHON) tests/prepare.py
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(VENV)/installed-dev
	$(PYTHON) tests/prepare.py
	LEDGERGEN_SOAK=1 $(BIN)/python -m pytest -n 2 -m soak -s

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

# every client × edit: makes the whole corpus of client files, judges it, writes the table
clients: $(VENV)/installed-dev
	$(PYTHON) tests/prepare.py
	$(BIN)/python tests/clients/make_corpus.py

# 100,000 changed files through every reader: the table of docs/how-it-works.md
mutants: $(VENV)/installed-dev
	$(PYTHON) tests/prepare.py
	$(BIN)/python tests/workbook/make_mutants.py

# the pictures of the README, made from the demo's files through LibreOffice
pictures: $(VENV)/installed-dev
	$(BIN)/python docs/make_pictures.py

# the Word templates of the reports, made from their texts in tests/report/template_texts
templates: $(VENV)/installed-dev
	$(BIN)/python tests/report/make_templates.py

# translation: new messages into the catalogue, the catalogue into what gettext reads
messages: $(VENV)/installed-dev
	$(BIN)/python tests/messages_catalogue.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .coverage* tests/node/node_modules
