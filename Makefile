# Everything starts here; each target sets up what it needs and nothing twice.
PYTHON ?= python3
SETUP := $(PYTHON) scripts/bootstrap.py
COMPILE := .venv/bin/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --generate-hashes

.PHONY: help chat test bench nlu-report nlu-leaks chaos simulate lint lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@sed -n 's/^\([a-z-]*\): ## \(.*\)/make \1	\2/p' Makefile

chat: ## the demo: sets up, trains, loads the demo shops, starts everything; Ctrl-C ends it
	@$(SETUP) chat
	@AFTERCARE_ENV=demo exec .venv/bin/aftercare serve

test: ## sets up, then every check and every test
	@$(SETUP) test
	@exec .venv/bin/python scripts/check.py

bench: ## the benchmarks, with their table
	@$(SETUP) test
	@exec .venv/bin/python -m benchmarks

nlu-report: ## how well the bot understands, into var/nlu-report; SETS=DIR: on utterances from outside too, EPOCHS=N of the default pipeline
	@$(SETUP) encoder
	@exec .venv-rasa/bin/python -m nlu_evaluation report $(if $(SETS),--sets "$(SETS)") $(if $(EPOCHS),--epochs "$(EPOCHS)")

nlu-leaks: ## training sentences that copy utterances from outside; SETS=DIR, SHOW=1 to see those too
	@$(if $(SETS),,echo "Say where the utterances are: make nlu-leaks SETS=DIR" >&2; exit 2)
	@$(SETUP) encoder
	@exec .venv-rasa/bin/python -m nlu_evaluation leaks --sets "$(SETS)" $(if $(SHOW),--show)

chaos: ## kills processes of the whole system under load, then checks that nothing was lost; KILLS=200 SEED=1 DATABASE=sqlite
	@$(SETUP) test
	@exec .venv/bin/python -m tests.chaos --kills $(or $(KILLS),200) --seed $(or $(SEED),1) --database $(or $(DATABASE),sqlite)

simulate: ## sends simulated customers to the whole system and judges what they are told; N=1000 SEED=1 DATABASE=sqlite WORST=5
	@$(SETUP) test
	@exec .venv/bin/python -m tests.simulation --customers $(or $(N),1000) --seed $(or $(SEED),1) --database $(or $(DATABASE),sqlite) --worst $(or $(WORST),5)

lint: ## the checks without the tests
	@$(SETUP) env
	@exec .venv/bin/python scripts/check.py --lint

lock: ## resolves requirements/*.in and pyproject.toml anew into the lock files; UPGRADE=1 for newer releases
	@$(SETUP) env
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements/uv.in --universal --python-version 3.11 --output-file requirements/uv.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements/rasa.in --python-version 3.10 --output-file requirements/rasa.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements/encoder.in --no-deps --python-version 3.10 --output-file requirements/encoder.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --extra dev --universal --python-version 3.11 --output-file requirements/app.lock

clean: ## removes what was made: environments, models, caches, logs; keeps the database
	rm -rf .venv .venv-rasa bot/models .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis var/log var/setup
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
