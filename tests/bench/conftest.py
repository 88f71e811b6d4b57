"""Tests on a site with ERPNext: run them with `make test-bench`, which makes the site and says where it is.

The site's time zone is one where it is noon when the run starts, see tests/tools/overlay.py.
Every test runs in a transaction that is rolled back: frappe.db.commit() does nothing meanwhile.
A module marked `pytestmark = pytest.mark.one_transaction` is rolled back as a whole instead, so that its module
fixtures may make documents. A test that needs real commits asks for `scratch_site`, a copy of the site.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import skip_modules

try:
	import frappe
	from frappe.cache_manager import user_cache_keys
except ImportError:
	frappe = None


def _missing() -> str | None:
	if frappe is None:
		return "frappe is not importable: this tier runs in a bench's Python environment (make test-bench)"
	if not os.environ.get("FRAPPE_SITE"):
		return "FRAPPE_SITE is not set: this tier needs a site of its own (make test-bench)"
	return None


pytest_pycollect_makemodule = skip_modules(_missing())


def connect(site: str) -> None:
	"""Connect this process to *site* as Administrator, in test mode, with mail muted."""
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"])
	frappe.connect()
	frappe.flags.in_test = True
	if hasattr(frappe, "in_test"):
		frappe.in_test = True
	frappe.flags.mute_emails = True
	frappe.set_user("Administrator")


if not _missing():
	os.chdir(os.environ["SITES_PATH"])
	connect(os.environ["FRAPPE_SITE"])


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[str]:
	"""The site's name. The process works in the sites folder and is connected (since the modules were read)."""
	yield os.environ["FRAPPE_SITE"]
	frappe.db.rollback()
	frappe.destroy()


_REPORT = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
	"""Say something in the summary of the run: tell("compared 12 customers")."""
	lines = request.config.stash.setdefault(_REPORT, [])
	return lines.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
	for line in terminalreporter.config.stash.get(_REPORT, []):
		terminalreporter.write_line(line)


@pytest.fixture(scope="module", autouse=True)
def _one_transaction(request: pytest.FixtureRequest, site: str) -> Iterator[None]:
	if request.node.get_closest_marker("one_transaction"):
		with _no_commits():
			yield
			_roll_back()
	else:
		yield


@pytest.fixture(autouse=True)
def _transaction(request: pytest.FixtureRequest) -> Iterator[None]:
	if request.node.get_closest_marker("one_transaction"):
		yield
		frappe.set_user("Administrator")
	elif "scratch_site" in request.fixturenames:
		yield
	else:
		with _no_commits():
			yield
			_roll_back()


@pytest.fixture(scope="module")
def scratch_site(site: str) -> Iterator[str]:
	"""The name of a copy of the site, connected, where commits are real. It is thrown away after the module."""
	from tests.tools import database

	def login() -> database.Login:
		conf = frappe.conf
		return database.Login(
			conf.db_host, int(conf.db_port), conf.get("db_socket"), conf.db_name, conf.db_password
		)

	scratch = os.environ["CLIENT_LEDGER_SCRATCH_SITE"]
	source, source_login = frappe.conf.db_name, login()
	frappe.destroy()
	frappe.init(site=scratch, sites_path=os.environ["SITES_PATH"])
	target = frappe.conf.db_name
	copy = Path(os.environ["SITES_PATH"]) / f"{source}.sql"
	database.run_sql(source_login, f"drop database if exists `{target}`; create database `{target}`")
	database.dump(source_login, source, copy)
	database.load(login(), target, copy)
	copy.unlink()
	connect(scratch)
	frappe.clear_cache()
	yield scratch
	frappe.db.rollback()
	frappe.destroy()
	database.run_sql(source_login, f"drop database if exists `{target}`")
	connect(site)


def _forget() -> None:
	"""Drop what was cached of documents and users. Metadata stays (it is slow to load): a test that changes
	DocTypes or custom fields uses `scratch_site`."""
	frappe.cache.delete_keys("document_cache::")
	if hasattr(frappe, "client_cache"):
		frappe.client_cache.clear_cache()
	frappe.cache.delete_value(list(user_cache_keys))
	frappe.cache.delete_keys("defaults::")
	frappe.db.value_cache.clear()


class _no_commits:
	"""Within it, commits only reset the count of writes that frappe limits per transaction."""

	def __enter__(self) -> None:
		self.database = frappe.db

		def commit(*args, **kwargs) -> None:
			self.database.transaction_writes = 0

		self.database.commit = commit
		frappe.set_user("Administrator")

	def __exit__(self, *error) -> None:
		del self.database.commit


def _roll_back() -> None:
	frappe.set_user("Administrator")
	frappe.db.rollback()
	_forget()
	frappe.clear_messages()
	frappe.local.flags.in_test = True
	frappe.flags.mute_emails = True
