"""The MariaDB server a bench uses, as an administrator sees it: through the command-line client, no driver needed."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

# In a site's configuration: user and password that copy the tests' site into their scratch site.
COPIER = "client_ledger_copier"
USER_VARIABLE, PASSWORD_VARIABLE = "FRAPPE_DB_ROOT_USERNAME", "FRAPPE_DB_ROOT_PASSWORD"


class DatabaseError(Exception):
	"""The server or its client cannot be used; the text says why."""


@dataclass(frozen=True)
class Login:
	"""Where the server is and who asks. With a socket, host and port do not matter."""

	host: str = "127.0.0.1"
	port: int = 3306
	socket: str | None = None
	user: str = "root"
	password: str = field(default="", repr=False)

	def describe(self) -> str:
		"""Return who and where, for messages."""
		return f"{self.user} at {self.socket or f'{self.host}:{self.port}'}"


def program(*names: str) -> str:
	"""Return the first of *names* that is installed; raise DatabaseError if none is."""
	path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
	for name in names:
		if found := shutil.which(name, path=path):
			return found
	raise DatabaseError(f"no {' or '.join(names)} program is installed")


def postgres_program(name: str) -> str:
	"""Return a program of the newest Postgres server installed; raise DatabaseError if there is none."""
	folders = Path("/usr/lib/postgresql").glob("*/bin")
	newest_first = sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)
	found = shutil.which(name, path=os.pathsep.join(map(str, newest_first))) if newest_first else None
	return found or program(name)


@contextmanager
def _options(login: Login) -> Iterator[list[str]]:
	"""Yield the client's options; the password goes through a private file, not the process list."""
	lines = ["[client]", f"user={login.user}", f'password="{login.password}"']
	if login.socket:
		lines += [f"socket={login.socket}"]
	else:
		lines += [f"host={login.host}", f"port={login.port}", "protocol=tcp"]
	with NamedTemporaryFile("w", suffix=".cnf") as file:
		file.write("\n".join(lines) + "\n")
		file.flush()
		yield [f"--defaults-file={file.name}", "--default-character-set=utf8mb4"]


def run_sql(login: Login, sql: str, database: str | None = None, timeout: int = 60) -> str:
	"""Run statements and return the client's output (tab separated, no header)."""
	with _options(login) as options:
		command = [program("mariadb", "mysql"), *options, "--batch", "--skip-column-names"]
		done = subprocess.run(
			[*command, *([database] if database else [])],
			input=sql,
			capture_output=True,
			text=True,
			timeout=timeout,
			check=False,
		)
	if done.returncode:
		raise DatabaseError(done.stderr.strip())
	return done.stdout


def dump(login: Login, database: str, target: Path) -> None:
	"""Write *database* as SQL to *target*, complete or not at all."""
	partial = target.with_suffix(".partial")
	with _options(login) as options, partial.open("wb") as file:
		command = [program("mariadb-dump", "mysqldump"), *options, "--single-transaction", "--skip-comments"]
		_check(subprocess.run([*command, database], stdout=file, stderr=subprocess.PIPE, check=False))
	partial.replace(target)


def load(login: Login, database: str, source: Path) -> None:
	"""Run the SQL of a dump in *database*."""
	with _options(login) as options, source.open("rb") as file:
		command = [program("mariadb", "mysql"), *options, database]
		_check(subprocess.run(command, stdin=file, stderr=subprocess.PIPE, check=False))


def restore(login: Login, source: str, target: str) -> bool:
	"""Make what differs in *target* as it is in *source*, a database of the same dump; return False where that needs a load.

	Tables are told by their columns, indexes and checksums, so that whatever changed them is found.
	"""
	sequences = _sequences(login, source)
	if any(_sequences(login, target).get(name, 0) < value for name, value in sequences.items()):
		return False
	kept, found = _tables(login, source), _tables(login, target)
	statements = ["set foreign_key_checks=0"]
	for name in sorted(kept.keys() | found.keys()):
		if kept.get(name) == found.get(name):
			continue
		statements.append(f"drop table if exists `{target}`.`{name}`")
		if name in kept:
			statements += [
				f"create table `{target}`.`{name}` like `{source}`.`{name}`",
				f"insert into `{target}`.`{name}` select * from `{source}`.`{name}`",
			]
	run_sql(login, ";\n".join([*statements, ""]), timeout=300)
	return True


def _tables(login: Login, database: str) -> dict[str, tuple[str, ...]]:
	"""Return what tells each table from another state of it."""
	of = f"where table_schema='{database}'"
	kinds = (
		f"select table_name from information_schema.tables {of} and table_type='BASE TABLE'",
		"select table_name, md5(group_concat(column_name, column_type, ifnull(column_default, '')"
		f" order by ordinal_position)) from information_schema.columns {of} group by 1",
		"select table_name, md5(group_concat(index_name, seq_in_index, column_name order by index_name, seq_in_index))"
		f" from information_schema.statistics {of} group by 1",
	)
	names, columns, indexes = (
		dict(line.split("\t") if "\t" in line else (line, "") for line in rows.splitlines())
		for rows in (run_sql(login, "set group_concat_max_len=1000000;" + kind) for kind in kinds)
	)
	qualified = ", ".join(f"`{database}`.`{name}`" for name in names)
	sums = run_sql(login, f"checksum table {qualified}", timeout=300) if names else ""
	checksums = dict(line.split("\t") for line in sums.splitlines())
	return {
		name: (columns.get(name, ""), indexes.get(name, ""), checksums[f"{database}.{name}"])
		for name in names
	}


def _sequences(login: Login, database: str) -> dict[str, int]:
	"""Return the next values of the database's sequences."""
	of = f"where table_schema='{database}' and table_type='SEQUENCE'"
	names = run_sql(login, f"select table_name from information_schema.tables {of}").splitlines()
	values = " union all ".join(
		f"select '{name}', next_not_cached_value from `{database}`.`{name}`" for name in names
	)
	rows = run_sql(login, values).splitlines() if names else []
	return {name: int(value) for name, value in (row.split("\t") for row in rows)}


def _check(done: subprocess.CompletedProcess) -> None:
	if done.returncode:
		raise DatabaseError(done.stderr.decode(errors="replace").strip())


def administrator(config: Mapping, environment: Mapping[str, str]) -> Login:
	"""Return a working administrator's login for the server of a bench's common_site_config.

	Tries the credentials of FRAPPE_DB_ROOT_USERNAME and FRAPPE_DB_ROOT_PASSWORD, or else the current user as
	root through the local socket. Raises DatabaseError, saying what was tried, when none works.
	"""
	host = environment.get("FRAPPE_DB_HOST") or config.get("db_host") or "127.0.0.1"
	port = int(environment.get("FRAPPE_DB_PORT") or config.get("db_port") or 3306)
	socket = environment.get("FRAPPE_DB_SOCKET") or config.get("db_socket")
	if environment.get(USER_VARIABLE):
		password = environment.get(PASSWORD_VARIABLE, "")
		candidates = [Login(host, port, socket, environment[USER_VARIABLE], password)]
	else:
		sockets = [socket] if socket else ["/run/mysqld/mysqld.sock", "/tmp/mysql.sock"]
		candidates = [Login(host, port, path, "root") for path in sockets]
	problems = []
	for login in candidates:
		try:
			run_sql(login, "select 1", timeout=20)
		except (DatabaseError, subprocess.TimeoutExpired) as error:
			problems.append(f"{login.describe()}: {error}")
		else:
			return login
	raise DatabaseError(
		f"no administrator of MariaDB (set {USER_VARIABLE} and {PASSWORD_VARIABLE}): {'; '.join(problems)}"
	)


def local_socket(login: Login) -> str | None:
	"""Return the path of the server's socket where it stands on this machine: queries take a third less time through it."""
	path = run_sql(login, "select @@socket").strip()
	local = login.host in ("localhost", "127.0.0.1", "::1")
	return path if local and path and Path(path).is_socket() else None


def create(login: Login, database: str, user: str, password: str) -> None:
	"""Drop and make *database*, with *user* (from any host) who may do anything in it."""
	statements = [
		f"drop database if exists `{database}`",
		f"create database `{database}` character set utf8mb4 collate utf8mb4_unicode_ci",
	]
	for host in ("%", "localhost"):
		statements += [
			f"create or replace user '{user}'@'{host}' identified by '{password}'",
			f"grant all privileges on `{_escaped(database)}`.* to '{user}'@'{host}'",
		]
	run_sql(login, ";\n".join([*statements, "flush privileges", ""]))


def create_copier(login: Login, user: str, password: str, databases: Sequence[str]) -> None:
	"""Make *user*, who may do anything in *databases*: a site's own user that saw a second one would see its tables twice."""
	statements = []
	for host in ("%", "localhost"):
		statements.append(f"create or replace user '{user}'@'{host}' identified by '{password}'")
		statements += [
			f"grant all privileges on `{_escaped(name)}`.* to '{user}'@'{host}'" for name in databases
		]
	run_sql(login, ";\n".join([*statements, ""]))


def drop(login: Login, database: str, user: str) -> None:
	"""Remove *database* and *user*, if they are there."""
	run_sql(login, f"drop database if exists `{database}`;\n")
	drop_user(login, user)


def drop_user(login: Login, user: str) -> None:
	"""Remove *user*, if it is there."""
	users = ", ".join(f"'{user}'@'{host}'" for host in ("%", "localhost"))
	run_sql(login, f"drop user if exists {users};\n")


def _escaped(database: str) -> str:
	"""Grants read the name as a pattern."""
	return database.replace("_", r"\_")
