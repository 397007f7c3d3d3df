# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test lint check soak bench solver lock clean
help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/run.stamp: .lock/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .lock/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp .lock/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .lock/dev.txt
	@touch $@

run: $(VENV)/run.stamp  ## the product with the demo school, worker and messenger sandbox; Ctrl-C ends all
	@exec $(BIN)/scheduler run --demo

test: $(VENV)/dev.stamp  ## the whole suite; what a missing service would enable is skipped and said
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest tests -n 2 --dist worksteal -m "not postgres and not processes"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report
	@# these ask the same lines on the other database or from outside: counting them again would cost half as much more
	$(BIN)/python -m pytest tests -n 2 --dist worksteal -m "postgres or processes"

lint: $(VENV)/dev.stamp  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## all that CI asks

soak: $(VENV)/dev.stamp  ## the long races and faults in full size; prints figures
	$(BIN)/python -m pytest tests/chaos tests/imports/test_damage.py --full-size -s

bench: $(VENV)/dev.stamp  ## ratios against a bare server in the same run, the mix of calls against its proven bound
	$(BIN)/python bench/feed.py
	$(BIN)/python bench/booking.py
	$(BIN)/python bench/remote_day.py
	$(BIN)/python bench/mix.py
	$(BIN)/python bench/delivery.py

solver: $(VENV)/run.stamp  ## adds the optional solver (OR-Tools) that chooses the calls of a remote day
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .lock/optimiser.txt

lock:  ## writes the lock files anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml .lock/build.in --group dev -o .lock/dev.txt --upgrade
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml .lock/build.in -c .lock/dev.txt -o .lock/run.txt
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml .lock/build.in --extra optimiser -c .lock/dev.txt -o .lock/optimiser.txt

clean:  ## removes the environment, keeps instance/
	rm -rf $(VENV) build *.egg-info
