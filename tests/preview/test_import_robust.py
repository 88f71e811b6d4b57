"""Large and interrupted imports: memory that does not grow with the file, and nothing half-imported when killed."""

import gc
import hashlib
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from client_ledger.files import read
from client_ledger.files.workbook import Workbook
from client_ledger.preview.cli import main
from client_ledger.preview.importing import load
from client_ledger.preview.importing.load import Wishes, import_files
from client_ledger.preview.store import ledger_file
from tests.preview.exports import write_csv

HEADER = [
	"Customer", "Invoice No", "Invoice Date", "Due Date", "Amount", "Currency", "Exchange Rate", "Payment Date",
	"Paid Amount",
]  # fmt: skip
# Enough that SQLite writes to the file before the end, killed when half of the documents are booked.
MANY, KILLED_AFTER = 2_600, 2_500
KILLED = """
import os, signal, sys
from pathlib import Path
from client_ledger.preview.importing import load, reader

load.REPORT_EVERY = reader.REPORT_EVERY = int(sys.argv[4])

def kill(stage, _count):
	if stage == sys.argv[3]:
		os.kill(os.getpid(), signal.SIGKILL)

load.import_files([Path(sys.argv[1])], Path(sys.argv[2]), load.Wishes(currency="CNY"), kill)
"""


def rows(number: int, prefix: str = "A") -> Iterator[list]:
	"""Invoices of few customers on few days, each paid in part, half of them in another currency."""
	for i in range(number):
		foreign = i % 2
		yield [
			f"Customer {i % 50}", f"{prefix}-{i:06}", f"2025-01-{i % 28 + 1:02}", f"2025-02-{i % 28 + 1:02}", "100.00",
			"USD" if foreign else "CNY", "7.1" if foreign else "1", f"2025-03-{i % 28 + 1:02}", "60.00",
		]  # fmt: skip


def as_csv(path: Path, number: int, prefix: str = "A") -> Path:
	return write_csv(path, [HEADER, *rows(number, prefix)])


def as_workbook(path: Path, number: int) -> Path:
	"""A workbook whose texts stand in their cells, so that it has no table of them, which a reader must keep."""
	book = Workbook()
	sheet = book.sheet("Invoices")
	for row in [HEADER, *rows(number)]:
		sheet.add(row)
	with path.open("wb") as file:
		book.save(file)
	return path


def peak_of(work: Callable[[], object]) -> int:
	gc.collect()
	tracemalloc.start()
	try:
		work()
		return tracemalloc.get_traced_memory()[1]
	finally:
		tracemalloc.stop()


def test_memory_of_an_import_does_not_grow_with_the_rows(tmp_path, monkeypatch):
	"""Each row kept would be a kilobyte or more, and 900 of them nearly double the peak."""
	monkeypatch.setattr(load, "_REMEMBERED", 100)
	monkeypatch.setattr(ledger_file, "BATCH", 100)
	small, large = (as_csv(tmp_path / f"{number}.csv", number) for number in (300, 1_200))

	def peak(file: Path) -> int:
		return peak_of(lambda: import_files([file], tmp_path / f"{file.stem}.sqlite", Wishes(currency="CNY")))

	assert peak(large) < 1.5 * peak(small)


def test_memory_of_reading_a_workbook_does_not_grow_with_the_rows(tmp_path):
	small, large = (as_workbook(tmp_path / f"{number}.xlsx", number) for number in (300, 1_300))

	def peak(file: Path) -> int:
		return peak_of(lambda: sum(1 for _row in read.rows(file)))

	assert peak(large) < 1.5 * peak(small)


def test_what_is_left_of_foreign_invoices_does_not_hang_on_how_many_are_remembered(tmp_path, monkeypatch):
	file = as_csv(tmp_path / "invoices.csv", 600)
	import_files([file], tmp_path / "all.sqlite", Wishes(currency="CNY"))
	monkeypatch.setattr(load, "_REMEMBERED", 3)
	import_files([file], tmp_path / "few.sqlite", Wishes(currency="CNY"))
	assert content(tmp_path / "few.sqlite") == content(tmp_path / "all.sqlite")


def content(database: Path) -> str:
	"""Return what tells a store's rows from any others; the time of an import is left out."""
	connection = ledger_file.open_store(database)
	digest = hashlib.sha256()
	for line in connection.iterdump():
		if "client_ledger_import" not in line:
			digest.update(line.encode())
	connection.close()
	return digest.hexdigest()


def import_and_be_killed(file: Path, database: Path, stage: str) -> None:
	command = [sys.executable, "-c", KILLED, str(file), str(database), stage, str(KILLED_AFTER)]
	temporary = database.parent / "temporary"
	temporary.mkdir()
	environment = {**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
	done = subprocess.run(command, capture_output=True, text=True, env=environment)
	assert done.returncode == -signal.SIGKILL, done.stderr
	assert not list(temporary.iterdir())


@pytest.mark.parametrize("stage", ["read", "book"])
def test_killed_import_leaves_the_store_as_it_was(tmp_path, stage):
	database = tmp_path / "ledger.sqlite"
	import_files([as_csv(tmp_path / "first.csv", 40)], database, Wishes(currency="CNY"))
	before = content(database)
	file = as_csv(tmp_path / "second.csv", MANY, "B")
	import_and_be_killed(file, database, stage)
	assert content(database) == before
	result = import_files([file], database, Wishes(currency="CNY"))
	assert result.invoices == MANY


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> str:
	"""Return the content of a store into which MANY invoices were imported without trouble."""
	folder = tmp_path_factory.mktemp("undisturbed")
	database = folder / "ledger.sqlite"
	import_files([as_csv(folder / "invoices.csv", MANY)], database, Wishes(currency="CNY"))
	return content(database)


@pytest.mark.parametrize("stage", ["read", "book"])
def test_killed_import_into_a_new_file_leaves_no_store(tmp_path, undisturbed, stage):
	database = tmp_path / "ledger.sqlite"
	file = as_csv(tmp_path / "invoices.csv", MANY)
	import_and_be_killed(file, database, stage)
	assert not database.exists()
	import_files([file], database, Wishes(currency="CNY"))
	assert content(database) == undisturbed
	assert not list(tmp_path.glob("*.new*"))


def test_store_that_another_program_made_meanwhile_is_kept(tmp_path, monkeypatch):
	database = tmp_path / "ledger.sqlite"
	remember = load._Loader._remember

	def made_meanwhile(loader, files):
		remember(loader, files)
		ledger_file.create(database).close()

	monkeypatch.setattr(load._Loader, "_remember", made_meanwhile)
	file = as_csv(tmp_path / "invoices.csv", 5)
	result = CliRunner().invoke(main, ["import", str(file), "--db", str(database), "--currency", "CNY"])
	assert result.exit_code == 1 and "in the meantime" in result.stderr
	assert database.exists() and not list(tmp_path.glob("*.new*"))
