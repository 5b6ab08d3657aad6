# Each target sets itself up: only a Python of 3.12 or newer has to be there.
# Another one than is found by itself: make serve PYTHON=/path/to/python3.13
# Another address: make serve ADDRESS=127.0.0.1:8001
# More tests side by side: make test WORKERS=4

export NO_MKDOCS_2_WARNING = 1
ADDRESS = 127.0.0.1:8000
WORKERS = 2

.PHONY: help setup browser serve build zip pdf test check check-all bench bench-peers lighthouse outdated properdocs

help: ## list what there is (what plain `make` does)
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r name what; do \
		printf '  make %-11s %s\n' "$$name" "$$what"; done

serve: setup ## read the book at http://127.0.0.1:8000, rebuilt on every save
	.venv/bin/python -m mkdocs serve --dev-addr $(ADDRESS)

build: setup ## write the book to site/; any warning stops it
	.venv/bin/python -m mkdocs build --strict

zip: setup ## pack the book as dist/chainrule-site.zip, to be read from a folder without a server
	.venv/bin/python -m weave.offline

pdf: setup browser ## set the book as dist/chainrule.pdf: contents, chapters, and the answers last
	.venv/bin/python -m tools.printed

# Here and not in pyproject.toml: a single test, or one that is debugged, needs no second process.
TESTS = -n $(WORKERS) --dist worksteal

test: setup browser ## run every test
	.venv/bin/python -m pytest $(TESTS)

check: setup browser ## formatting, lint, types, every test, and a strict build
	.venv/bin/python -m ruff format --check
	.venv/bin/python -m ruff check
	.venv/bin/python -m pyright
	.venv/bin/python -m pytest $(TESTS)
	.venv/bin/python -m mkdocs build --strict

# In one process: what is measured is put together.
check-all: TESTS = -m "" --record tests/recorded.json
check-all: check ## all of that, with the tests that take too long for every change

WHAT =
bench: setup ## time the reference against its peers; one part only: make bench WHAT=steps
	.venv/bin/python -m benchmarks $(WHAT)

bench-peers: setup ## install those peers into .venv-bench (PyTorch, JAX and others; gigabytes)
	test -d .venv-bench || .venv/bin/python -m venv .venv-bench
	.venv-bench/bin/python -m pip install -q --disable-pip-version-check \
		--constraint constraints.txt --requirement benchmarks/peers.txt

PAGES =
lighthouse: setup browser ## ask Lighthouse of each teaching page (20 minutes; needs Node); of some: PAGES="start/one-neuron"
	.venv/bin/python -m tools.lighthouse --record tests/recorded.json $(PAGES)

outdated: setup ## say which requirements have newer releases, and why each is held
	@.venv/bin/python -m tools.outdated

properdocs: setup ## build the book with ProperDocs, the fork of MkDocs, in an environment of its own
	test -d .venv-properdocs || .venv/bin/python -m venv .venv-properdocs
	.venv-properdocs/bin/python -m pip install -q --disable-pip-version-check --no-input \
		--constraint constraints.txt --editable '.[docs]' properdocs==1.6.7
	.venv-properdocs/bin/properdocs build --strict -f mkdocs.yml -d dist/properdocs

setup:
	@tools/setup.sh

browser: setup
	@.venv/bin/python tools/browser.py
