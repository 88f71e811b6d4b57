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


_FILLED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def scratch_site(request: pytest.FixtureRequest, site: str) -> Iterator[str]:
	"""The name of a copy of the site, connected, where commits are real. What a module changes the next one does not see."""
	from tests.tools import database

	scratch = os.environ["CLIENT_LEDGER_SCRATCH_SITE"]
	source = frappe.conf.db_name
	frappe.destroy()
	frappe.init(site=scratch, sites_path=os.environ["SITES_PATH"])
	conf, target = frappe.conf, frappe.conf.db_name
	copier = database.Login(conf.db_host, int(conf.db_port), conf.get("db_socket"), *conf[database.COPIER])
	if not request.config.stash.get(_FILLED, False) or not database.restore(copier, source, target):
		copy = Path(os.environ["SITES_PATH"]) / f"{source}.sql"
		database.run_sql(copier, f"drop database if exists `{target}`; create database `{target}`")
		database.dump(copier, source, copy)
		database.load(copier, target, copy)
		copy.unlink()
		request.config.stash[_FILLED] = True
	connect(scratch)
	frappe.clear_cache()
	yield scratch
	frappe.db.rollback()
	frappe.destroy()
	connect(site)


# What the cache holds of the schema, which no test changes but on `scratch_site`. It is slow to load.
_SCHEMA_KEYS = ("doctype_meta", "table_columns")


def _forget() -> None:
	"""Drop what was cached of documents and users. Metadata stays (it is slow to load): a test that changes
	DocTypes or custom fields uses `scratch_site`."""
	frappe.cache.delete_keys("document_cache::")
	if hasattr(frappe, "client_cache"):
		_forget_locally()
	frappe.cache.delete_value(list(user_cache_keys))
	frappe.cache.delete_keys("defaults::")
	frappe.db.value_cache.clear()
	# The outgoing account that Frappe has found: a later test would send to the mail server of one that is rolled back.
	frappe.local.outgoing_email_account = {}
	# Among them the time zone.
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings


def _forget_locally() -> None:
	"""Drop what version 16 keeps in the process, but for the schema."""
	cached = frappe.client_cache.cache
	# Another thread takes out of it what other processes have changed.
	for key in [key for key in list(cached) if not any(kept in str(key) for kept in _SCHEMA_KEYS)]:
		cached.pop(key, None)


class _KeptSchema:
	"""Within it, a whole clearing of the cache, as saving a Company or a User Permission causes, leaves the schema."""

	def __enter__(self) -> None:
		self.clear_cache = frappe.clear_cache
		frappe.clear_cache = self._clear

	def __exit__(self, *error: object) -> None:
		frappe.clear_cache = self.clear_cache

	def _clear(self, user: str | None = None, doctype: str | None = None) -> None:
		if user or doctype:
			return self.clear_cache(user=user, doctype=doctype)
		get_hooks, kept = frappe.get_hooks, self._kept_locally()

		def hooks(hook: str | None = None, *arguments: object, **options: object) -> object:
			found = get_hooks(hook, *arguments, **options)
			return [*found, *_SCHEMA_KEYS] if hook == "persistent_cache_keys" else found

		frappe.get_hooks = hooks
		try:
			self.clear_cache()
		finally:
			frappe.get_hooks = get_hooks
			frappe.local.cache.update(kept)

	def _kept_locally(self) -> dict:
		"""Return what version 15 keeps of the schema in the process."""
		return {key: value for key, value in frappe.local.cache.items() if _SCHEMA_KEYS[0] in str(key)}


@pytest.fixture(scope="module")
def kept_schema() -> Iterator[None]:
	"""The schema stays cached though commits are real, for a module that uses `scratch_site` and changes none of it."""
	with _KeptSchema():
		yield


class _no_commits:
	"""Within it, commits only reset the count of writes that frappe limits per transaction, and the schema stays as it is."""

	def __enter__(self) -> None:
		self.database, self.schema = frappe.db, _KeptSchema()
		self.schema.__enter__()

		def commit(*args, **kwargs) -> None:
			self.database.transaction_writes = 0

		def sql_ddl(query: str, *args, **kwargs) -> None:
			raise AssertionError(f"this makes everything last, so use scratch_site: {query}")

		self.database.commit, self.database.sql_ddl = commit, sql_ddl
		frappe.set_user("Administrator")

	def __exit__(self, *error) -> None:
		del self.database.commit, self.database.sql_ddl
		self.schema.__exit__(*error)


def _roll_back() -> None:
	frappe.set_user("Administrator")
	frappe.db.rollback()
	_forget()
	frappe.clear_messages()
	frappe.local.flags.in_test = True
	frappe.flags.mute_emails = True
