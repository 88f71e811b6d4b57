"""The ledger's SQL on MariaDB without a bench: a private server in a temporary folder, gone afterwards."""

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions

from client_ledger.ledger.database import expand
from tests.tools.database import DatabaseError, program

pytest.register_assert_rewrite("tests.sql.cases")

# As frappe does: decimals come as floats.
CONVERSIONS = {**conversions, FIELD_TYPE.NEWDECIMAL: float}


class MariaDB:
	"""Runs the ledger's texts over a plain connection."""

	def __init__(self, connection: pymysql.Connection):
		self.connection = connection

	def rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[tuple]:
		text, flat = expand(sql, parameters)
		with self.connection.cursor() as cursor:
			cursor.execute(text, flat)
			return cursor.fetchall()


@pytest.fixture(scope="session")
def connection() -> Iterator[pymysql.Connection]:
	"""A connection to an empty database of the private server."""
	try:
		server, install = program("mariadbd", "mysqld"), program("mariadb-install-db", "mysql_install_db")
	except DatabaseError as error:
		pytest.skip(str(error))
	folder = Path(tempfile.mkdtemp(prefix="client-ledger-"))
	data, socket, log = folder / "data", folder / "sock", folder / "log"
	# A server deletes the temporary tables it finds where it starts, those of another running server too.
	environment = {**os.environ, "TMPDIR": str(folder)}
	user = f"--user={getpass.getuser()}"
	subprocess.run(
		[install, "--no-defaults", user, f"--datadir={data}", "--auth-root-authentication-method=normal"],
		check=True,
		capture_output=True,
		env=environment,
	)
	options = [f"--datadir={data}", f"--socket={socket}", "--skip-networking", f"--pid-file={folder / 'pid'}"]
	with log.open("w") as output:
		process = subprocess.Popen(
			[server, "--no-defaults", user, *options, "--innodb-flush-log-at-trx-commit=0"],
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			env=environment,
		)
	try:
		connection = _connect(process, socket, log)
		connection.cursor().execute("create database ledger character set utf8mb4 collate utf8mb4_unicode_ci")
		connection.select_db("ledger")
		yield connection
		connection.close()
	finally:
		process.terminate()
		process.wait(timeout=60)
		shutil.rmtree(folder, ignore_errors=True)


def _connect(process: subprocess.Popen, socket: Path, log: Path) -> pymysql.Connection:
	deadline = time.monotonic() + 60
	while True:
		try:
			return pymysql.connect(
				unix_socket=str(socket), user="root", charset="utf8mb4", conv=CONVERSIONS, autocommit=True
			)
		except pymysql.OperationalError:
			if process.poll() is not None or time.monotonic() > deadline:
				raise RuntimeError(f"MariaDB did not start: {log.read_text()[-2000:]}") from None
			time.sleep(0.2)
