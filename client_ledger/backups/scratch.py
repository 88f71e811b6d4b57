"""A database of its own for a trial, on the site's server: made with an administrator's login, and dropped again.

The backup's SQL runs as a user who may do anything in that database and nothing anywhere else, so that nothing in it
reaches the site's own. A database that a killed trial left behind is dropped by the next one; it is told by a mark in it.
"""

import re
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import NamedTemporaryFile
from typing import Any

import frappe
from frappe import _
from frappe.database import get_db

from client_ledger.site.messages import filled

SUFFIX, MARK = "_drill", "client_ledger_restore_drill"
# What MariaDB lets a database's name be long, and a user's.
LONGEST_DATABASE, LONGEST_USER = 64, 32
# A second copy takes what the first one takes, and some more while indexes are built.
ROOM = 1.2
NO_SPACE = re.compile(r"ERROR (?:1021|1026|1114)\b|[Ee]rrno:? 28\b|No space left|table .* is full")
# What Frappe's own restore leaves out: what only newer servers know, and users that do not exist here.
_LEFT_OUT = re.compile(
	rb"/\*M?!999999\\?- enable the sandbox mode|/\*!\d+ DEFINER=\S+ SQL SECURITY DEFINER \*/"
)
_DEFINER = re.compile(rb"/\*!\d+ DEFINER=[^*]*\*/")
_NAME = re.compile(r"[\w$-]+")


class DrillError(Exception):
	"""A trial cannot be made or did not end. code: of the finding that tells it; the text says what to do."""

	def __init__(self, text: str, code: str = "drill_failed"):
		super().__init__(text)
		self.code = code


class CannotTry(DrillError):
	"""There is nothing wrong with the backup: a trial cannot even begin."""


@dataclass(frozen=True, slots=True)
class Login:
	"""An administrator of the database server. The password is shown nowhere."""

	user: str = "root"
	password: str = field(default="", repr=False)


def configured_login(user: str | None = None, password: str | None = None) -> Login:
	"""Return the administrator that bench itself uses; *user* and *password* come before its configuration."""
	conf = frappe.conf
	return Login(
		user or conf.get("mariadb_root_login") or conf.get("root_login") or "root",
		password or conf.get("mariadb_root_password") or conf.get("root_password") or "",
	)


class Scratch:
	"""The database of a trial. `with scratch(login) as it:` makes it and drops it again."""

	def __init__(self, login: Login):
		if frappe.conf.db_type not in (None, "mariadb"):
			raise CannotTry(
				_(
					"A restore can be tried on MariaDB only. On another database, restore the backup into a new site with bench restore."
				)
			)
		self.live = frappe.conf.db_name
		self.name = f"{self.live[: LONGEST_DATABASE - len(SUFFIX)]}{SUFFIX}"
		self.user = f"{self.live[: LONGEST_USER - len(SUFFIX)]}{SUFFIX}"
		self._password = secrets.token_hex(16)
		self._db = get_db(
			socket=frappe.conf.db_socket,
			host=frappe.conf.db_host,
			port=frappe.conf.db_port,
			user=login.user,
			password=login.password,
			cur_db_name=None,
		)
		self._login = login
		self._host = ""

	def rows(self, sql: str, values: Iterable[Any] = ()) -> list[dict]:
		"""Return the rows of a statement. {backup} and {live} in it become the names of the two databases."""
		text = sql.replace("{backup}", f"`{self.name}`").replace("{live}", f"`{self.live}`")
		return self._db.sql(text, tuple(values), as_dict=True)

	def make(self) -> None:
		"""Connect, drop what an earlier trial left behind, and make the database with its user."""
		self._connect()
		try:
			self.drop()
			self._check_room()
			self._do(f"create database `{self.name}` character set utf8mb4 collate utf8mb4_unicode_ci")
			self._do(f"create table `{self.name}`.`{MARK}` (id int)")
			self._do(f"create user '{self.user}'@'{self._host}' identified by '{self._password}'")
			escaped = self.name.replace("_", r"\_")
			self._do(f"grant all privileges on `{escaped}`.* to '{self.user}'@'{self._host}'")
		except CannotTry:
			raise
		except Exception as error:
			with suppress(Exception):
				self.drop()
			raise CannotTry(
				filled(
					_("The user {0} may not create a database and its user: {1}"),
					self._login.user,
					_reason(error),
				)
			) from error

	def _connect(self) -> None:
		if not _NAME.fullmatch(self.live):
			raise CannotTry(filled(_("The database's name {0} cannot be used."), self.live))
		try:
			self._host = self._db.sql("select user()")[0][0].rsplit("@", 1)[1]
		except Exception as error:
			raise CannotTry(
				filled(
					_(
						"The database server refuses the administrator {0}: {1}. Say who it is with --db-root-username and --db-root-password, or put root_login and root_password into common_site_config.json."
					),
					self._login.user,
					_reason(error),
				)
			) from error

	def drop(self) -> None:
		"""Drop the database and its user. Raises CannotTry where a database of that name was made by something else."""
		tables = {
			row["name"]
			for row in self.rows(
				"select table_name as name from information_schema.tables where table_schema = %s",
				[self.name],
			)
		}
		if tables and MARK not in tables:
			raise CannotTry(
				filled(
					_(
						"There is a database {0} that no restore drill made. Rename or drop it, and try again."
					),
					self.name,
				)
			)
		self._do(f"drop database if exists `{self.name}`")
		self._do(f"drop user if exists '{self.user}'@'{self._host}'")

	def _do(self, statement: str) -> None:
		self._db.sql_ddl(statement)

	def _check_room(self) -> None:
		"""Raise CannotTry where the server's disk, if it is one of this machine, has no room for a second copy."""
		(size,) = self.rows(
			"select sum(data_length + index_length) as bytes, @@datadir as folder"
			" from information_schema.tables where table_schema = %s",
			[self.live],
		)
		with suppress(OSError):
			free = shutil.disk_usage(size["folder"]).free
			if free < float(size["bytes"] or 0) * ROOM:
				raise CannotTry(
					filled(
						_(
							"The database server has no room for a second copy: {0} MB are free, {1} MB are needed. Make room on its disk, and try again."
						),
						free >> 20,
						int(float(size["bytes"]) * ROOM) >> 20,
					)
				)

	def fill(self, lines: Iterable[bytes]) -> None:
		"""Run the SQL of a backup. Raises DrillError with the server's words at its first error."""
		program = shutil.which("mariadb") or shutil.which("mysql")
		if not program:
			raise CannotTry(_("Neither mariadb nor mysql is installed. Install the client of the database."))
		with self._options() as options:
			process = subprocess.Popen(
				[program, options, "--default-character-set=utf8mb4", "--max-allowed-packet=1G", self.name],
				stdin=subprocess.PIPE,
				stdout=subprocess.DEVNULL,
				stderr=subprocess.PIPE,
			)
			try:
				# The server's error ends the client before all has been written.
				with suppress(BrokenPipeError):
					for line in lines:
						if kept := _kept(line):
							process.stdin.write(kept)
				with suppress(BrokenPipeError):
					process.stdin.close()
				said = process.stderr.read().decode(errors="replace").strip()
				failed = process.wait()
			finally:
				process.kill()
				process.wait()
				with suppress(BrokenPipeError):
					process.stdin.close()
				process.stderr.close()
		if failed:
			raise DrillError(said[:300], "drill_no_space" if NO_SPACE.search(said) else "drill_failed")

	@contextmanager
	def _options(self) -> Iterator[str]:
		"""Yield the client's option that names a private file with who connects and where."""
		conf = frappe.conf
		lines = ["[client]", f"user={self.user}", f"password={self._password}"]
		if conf.db_socket:
			lines += [f"socket={conf.db_socket}"]
		else:
			lines += [f"host={conf.db_host or '127.0.0.1'}", f"port={conf.db_port or 3306}", "protocol=tcp"]
		for option in ("ssl_ca", "ssl_cert", "ssl_key"):
			if value := conf.get(f"db_{option}"):
				lines.append(f"{option.replace('_', '-')}={value}")
		with NamedTemporaryFile("w", suffix=".cnf") as file:
			file.write("\n".join(lines) + "\n")
			file.flush()
			yield f"--defaults-file={file.name}"

	@contextmanager
	def as_site(self) -> Iterator[None]:
		"""Have `frappe.db` read the restored database within it, for checks that know the site's own alone. Caches stay the site's."""
		own = frappe.local.db
		frappe.local.db = get_db(
			socket=frappe.conf.db_socket,
			host=frappe.conf.db_host,
			port=frappe.conf.db_port,
			user=self.user,
			password=self._password,
			cur_db_name=self.name,
		)
		try:
			yield
		finally:
			frappe.local.db.close()
			frappe.local.db = own

	def see_now(self) -> None:
		"""Begin a new transaction, which sees what both databases hold now."""
		self._db.rollback()

	def close(self) -> None:
		self._db.close()


def _kept(line: bytes) -> bytes:
	"""Return a line of a dump as it may run here; empty where it is left out."""
	if not line.startswith(b"/*"):
		return line
	return b"" if _LEFT_OUT.match(line) else _DEFINER.sub(b"", line)


def _reason(error: Exception) -> str:
	"""Return a driver's error without its number."""
	return str(error.args[-1] if error.args else error)[:300]


@contextmanager
def scratch(login: Login) -> Iterator[Scratch]:
	"""Yield a new database of a trial, and drop it however the trial ends."""
	it = Scratch(login)
	try:
		it.make()
		try:
			yield it
		finally:
			it.drop()
	finally:
		it.close()
