"""The ledger's SQL on Postgres without a bench: a private server in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import DECIMAL, new_type, register_type
from psycopg2.extensions import connection as Connection

from client_ledger.ledger.database import expand
from tests.tools.database import DatabaseError, postgres_program

pytest.register_assert_rewrite("tests.sql.cases")

# As frappe does: decimals come as floats.
register_type(new_type(DECIMAL.values, "DEC2FLOAT", lambda value, _cursor: value and float(value)))


def quoted(sql: str) -> str:
	"""Return *sql* with names in the quotes of Postgres, as frappe does."""
	return sql.replace("`", '"')


class Postgres:
	"""Runs the ledger's texts over a plain connection, changed as frappe changes them."""

	def __init__(self, connection: Connection):
		self.connection = connection

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]:
		text, flat = expand(quoted(sql), parameters)
		values = {name: str(value) if isinstance(value, int) else value for name, value in flat.items()}
		with self.connection.cursor() as cursor:
			cursor.execute(text, values)
			return cursor.fetchall()


@pytest.fixture(scope="session")
def connection() -> Iterator[Connection]:
	"""A connection to an empty database of the private server."""
	try:
		server, install = postgres_program("postgres"), postgres_program("initdb")
	except DatabaseError as error:
		pytest.skip(str(error))
	folder = Path(tempfile.mkdtemp(prefix="client-ledger-"))
	as_user = _server_user(folder)
	data, log = folder / "data", folder / "log"
	options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
	subprocess.run([install, f"--pgdata={data}", *options], check=True, capture_output=True, **as_user)
	settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off"}
	command = [server, "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
	with log.open("w") as output:
		process = subprocess.Popen(
			command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **as_user
		)
	try:
		connection = _connect(process, folder, log)
		connection.autocommit = True
		yield connection
		connection.close()
	finally:
		process.terminate()
		process.wait(timeout=60)
		shutil.rmtree(folder, ignore_errors=True)


def _server_user(folder: Path) -> dict[str, Any]:
	"""Return how to start programs as the server's user, who gets *folder*: Postgres refuses to run as root."""
	if os.getuid():
		return {}
	try:
		user = pwd.getpwnam("postgres")
	except KeyError:
		pytest.skip("Postgres does not run as root, and there is no user postgres")
	os.chown(folder, user.pw_uid, user.pw_gid)
	return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _connect(process: subprocess.Popen, folder: Path, log: Path) -> Connection:
	deadline = time.monotonic() + 60
	while True:
		try:
			return psycopg2.connect(host=str(folder), user="postgres", dbname="postgres")
		except psycopg2.OperationalError:
			if process.poll() is not None or time.monotonic() > deadline:
				raise RuntimeError(f"Postgres did not start: {log.read_text()[-2000:]}") from None
			time.sleep(0.2)
