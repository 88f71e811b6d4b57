"""Sites of the revision that sites migrate from: made once and kept as dumps, and brought to this checkout's app.

Knows nothing of Frappe: what is done on a site is done by the programs beside it, in the bench's Python.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.tools.overlay import CHECKOUT, ROOT, Overlay, only_one

# The state of the app whose sites have to migrate.
REVISION = "9151fb6964b45a9a4c868bdd031c008ac01e6dba"
HERE = Path(__file__).parent
CACHE = ROOT / "cache"


class NoRevision(Exception):
	"""This clone does not hold the revision to migrate from; the text says why."""


def older_checkout() -> Path:
	"""Return a folder with the app as of that revision."""
	folder = CACHE / f"app-{REVISION[:7]}"
	with only_one(CACHE / "app.lock"):
		if not folder.exists():
			archive = subprocess.run(
				["git", "-C", str(CHECKOUT), "archive", REVISION], capture_output=True, check=False
			)
			if archive.returncode:
				raise NoRevision(f"no revision {REVISION[:7]} here: {archive.stderr.decode().strip()[:200]}")
			partial = folder.with_suffix(".partial")
			with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
				files.extractall(partial)
			partial.rename(folder)
	return folder


@contextmanager
def site(bench: Path, app: Path, label: str) -> Iterator[Overlay]:
	"""Yield an overlay of its own, with redis running and no site yet; its site is dropped afterwards."""
	overlay = Overlay(bench, app, label)
	with overlay.started(keep=bool(os.environ.get("KEEP"))):
		overlay.install_test_packages(os.environ.get("CLIENT_LEDGER_PIP_PYTHON", sys.executable))
		yield overlay


def run(overlay: Overlay, program: str, *arguments: object) -> str:
	"""Run a program of this folder on the overlay's site, with the app the overlay uses."""
	return overlay.run([str(HERE / f"{program}.py"), overlay.site, *map(str, arguments)], timeout=1500)


def figures(overlay: Overlay, days: float = 0) -> dict[str, Any]:
	"""Return everything that a migration has to keep, as the overlay's app tells it so many days after the fill."""
	target = overlay.sites / f"{overlay.site}.figures.json"
	run(overlay, "figures", target, days)
	return json.loads(target.read_text())


def filled(bench: Path) -> tuple[Path, dict[str, Any]]:
	"""Return the dump of a site of *bench* filled on the older revision, and its figures; the first time, make both."""
	app = older_checkout()
	known = Overlay(bench)
	versions = "-".join(f"{name}-{version}" for name, version in known.versions.items())
	dump = CACHE / f"{versions}-app-{REVISION[:7]}-{_digest('moment', 'fill')}.sql"
	told = dump.with_suffix(f".{_digest('figures')}.json")
	with only_one(dump.with_suffix(".lock")):
		if not (dump.exists() and told.exists()):
			with site(bench, app, "filled") as overlay:
				if dump.exists():
					overlay.make_site(dump)
				else:
					overlay.make_site()
					overlay.frappe("--site", overlay.site, "install-app", "client_ledger")
					run(overlay, "fill")
					overlay.dump_site(dump)
				told.write_text(json.dumps(figures(overlay)))
	return dump, json.loads(told.read_text())


def _digest(*programs: str) -> str:
	texts = b"".join((HERE / f"{name}.py").read_bytes() for name in programs)
	return hashlib.sha1(texts).hexdigest()[:8]
