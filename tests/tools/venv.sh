#!/bin/sh
# Makes .venv with the first Python from 3.10 on that is found, and installs the app with its extras.
set -eu
cd "$(dirname "$0")/../.."

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python3.10}; do
	if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
		python=$candidate
		break
	fi
done
[ -n "$python" ] || { echo "Python 3.10 or later is needed" >&2; exit 1; }

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
	rm -rf .venv
	# Some systems package venv apart; virtualenv, put beside it for this once, needs only pip.
	"$python" -m venv .venv 2>/dev/null || {
		rm -rf .venv
		"$python" -m pip install --quiet --target .venv-maker virtualenv
		PYTHONPATH=.venv-maker "$python" -m virtualenv --quiet .venv
		rm -rf .venv-maker
	}
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=22.3'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[preview,dev]'
touch .venv/installed
