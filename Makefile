# make test: lint and run every test that can run here. make demo: the preview on a sample company.
# make test-everywhere: all of it on each bench, where make test lets versions take turns.
# FRAPPE_BENCH=path[:path] names the benches, ARGS="-k word" goes to pytest, KEEP=1 keeps the test sites.

PYTHON_OF_VENV := .venv/bin/python

.PHONY: test test-everywhere lint test-unit test-preview test-mariadb test-postgres test-bench test-browser test-migration demo clean

test: .venv/installed
	@$(PYTHON_OF_VENV) -m tests.tools.run

test-everywhere: .venv/installed
	@$(PYTHON_OF_VENV) -m tests.tools.run lint unit preview mariadb postgres bench browser

lint: .venv/installed
	@$(PYTHON_OF_VENV) -m tests.tools.run lint

test-unit test-preview test-mariadb test-postgres test-bench test-browser test-migration: .venv/installed
	@$(PYTHON_OF_VENV) -m tests.tools.run $(@:test-%=%)

demo: .venv/installed
	@$(PYTHON_OF_VENV) -m client_ledger.preview.cli demo --out demo

.venv/installed: pyproject.toml
	@sh tests/tools/venv.sh

clean:
	rm -rf .venv .bench demo
