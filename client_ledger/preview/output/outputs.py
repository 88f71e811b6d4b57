"""Reads a store once and writes both outputs from it, the page and the workbook."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from client_ledger.preview import i18n
from client_ledger.preview.figures import companies
from client_ledger.preview.figures.dunning import read_company
from client_ledger.preview.figures.kpis import Kinds, company_kpis
from client_ledger.preview.figures.worklist import Caller
from client_ledger.preview.output.page import ReportPage
from client_ledger.preview.output.workbook import Book
from client_ledger.preview.store.ledger_file import ledger as open_ledger


@dataclass(frozen=True, slots=True)
class Outputs:
	"""The files written, None for one that was not wanted."""

	page: Path
	workbook: Path | None


def write_outputs(
	connection: sqlite3.Connection,
	folder: Path,
	as_of: date,
	progress: Callable[[str, int], None] | None = None,
	with_workbook: bool = True,
) -> Outputs:
	"""Write client-ledger.html and client-ledger.xlsx into *folder*, in the language spoken now.

	progress: called with how many customers are done of a stage, "grade" and then "write".
	"""
	folder.mkdir(parents=True, exist_ok=True)
	outputs = Outputs(folder / "client-ledger.html", folder / "client-ledger.xlsx" if with_workbook else None)
	page = ReportPage(as_of, i18n.language())
	book = Book(outputs.workbook, as_of) if outputs.workbook else None
	ledger = open_ledger(connection)
	for company, currency in companies.list_companies(connection):
		reader = companies.CompanyReader(connection, ledger, company, currency, as_of)
		caller, kinds = Caller(company, as_of), Kinds()
		for account in reader.accounts(progress):
			page.add(account)
			caller.add(account)
			kinds.add(account)
			if book:
				book.add(company, currency, account)
		totals, calls = reader.totals(), caller.calls()
		kpis, cash = company_kpis(ledger, company, as_of, kinds.found), reader.forecasts()
		watched = reader.warnings()
		page.close_company(totals, calls, read_company(connection, company, as_of), kpis, cash, watched)
		if book:
			book.close_company(totals, calls, kpis, cash, watched)
	page.write(outputs.page)
	if book:
		book.save()
	return outputs
