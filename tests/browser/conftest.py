"""Tests of the desk in a real Chromium: run them with `make test-browser`, which makes the site.

	def test_something(page_as):
		page = page_as("Administrator")
		page.goto("/app/customer")

The site is served from this checkout by a process of its own, so what a test makes must be committed to be seen.
Screenshots go to tests/browser/screenshots/<bench>/.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import skip_modules

try:
	import frappe
	from playwright.sync_api import Browser, Page, sync_playwright
except ImportError:
	frappe = None

SCREENSHOTS = Path(__file__).parent / "screenshots"
PASSWORD = "admin"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def _missing() -> str | None:
	if frappe is None:
		return "frappe or playwright is not importable: this tier runs in a bench's environment (make test-browser)"
	if not os.environ.get("FRAPPE_SITE"):
		return "FRAPPE_SITE is not set: this tier needs a site of its own (make test-browser)"
	if not os.environ.get("CHROMIUM"):
		return "CHROMIUM is not set: no Chromium is installed"
	return None


pytest_pycollect_makemodule = skip_modules(_missing())

if not _missing():
	from tests.bench.conftest import connect

	os.chdir(os.environ["SITES_PATH"])
	connect(os.environ["FRAPPE_SITE"])


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[str]:
	"""The site's name; this process is connected to it as Administrator, and commits are real."""
	yield os.environ["FRAPPE_SITE"]
	frappe.db.rollback()
	frappe.destroy()


@pytest.fixture(scope="session")
def server(site: str) -> Iterator[str]:
	"""The address of a web server for the site."""
	from tests.tools.overlay import free_port, wait_for_port

	port = free_port()
	log = Path(os.environ["FRAPPE_BENCH_ROOT"]) / "logs" / "web.log"
	log.parent.mkdir(parents=True, exist_ok=True)
	command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, "serve"]
	with log.open("w") as output:
		process = subprocess.Popen(
			[*command, "--port", str(port), "--noreload"],
			cwd=os.environ["SITES_PATH"],
			# Frappe serves without the debugger and its reloader when CI is set.
			env={**os.environ, "CI": "1"},
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
		)
		try:
			wait_for_port(port, process, seconds=60)
			yield f"http://127.0.0.1:{port}"
		finally:
			process.terminate()
			process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=OPTIONS)
		yield browser
		browser.close()


@pytest.fixture(scope="session")
def login_state(browser: "Browser", server: str) -> Callable[[str], dict]:
	"""Return the cookies of a user who has logged in; each user logs in once."""
	states: dict[str, dict] = {}

	def state(user: str) -> dict:
		if user not in states:
			context = browser.new_context(base_url=server)
			answer = context.request.post("/api/method/login", form={"usr": user, "pwd": PASSWORD})
			assert answer.ok, f"{user} cannot log in: {answer.status} {answer.text()[:300]}"
			states[user] = context.storage_state()
			context.close()
		return states[user]

	return state


@pytest.fixture
def page_as(
	browser: "Browser", server: str, login_state: Callable[[str], dict]
) -> Iterator[Callable[..., "Page"]]:
	"""Open a page as a user (password "admin"): page_as(user, width=1300, height=850).

	Errors of scripts fail the test at its end.
	"""
	contexts, errors = [], []

	def open_page(user: str = "Administrator", width: int = 1300, height: int = 850, **options) -> "Page":
		context = browser.new_context(
			base_url=server,
			storage_state=login_state(user),
			viewport={"width": width, "height": height},
			**options,
		)
		contexts.append(context)
		page = context.new_page()
		page.set_default_timeout(60_000)
		page.on("pageerror", lambda error: errors.append(f"{page.url}: {error.stack or error}"[:600]))
		return page

	yield open_page
	for context in contexts:
		context.close()
	assert not errors, f"errors in scripts: {errors}"


@pytest.fixture(scope="session")
def screenshots() -> Path:
	"""The folder for screenshots of this bench."""
	folder = SCREENSHOTS / os.environ.get("CLIENT_LEDGER_BENCH", "desk")
	folder.mkdir(parents=True, exist_ok=True)
	return folder


@pytest.fixture(scope="session")
def desk() -> str:
	"""The path the desk's pages begin with: "/app" on v15, "/desk" on v16."""
	return "/desk" if int(frappe.__version__.split(".")[0]) >= 16 else "/app"
