"""The rows of statements in the database: what became of each, repeated from its message, and the figures it stated."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe

from client_ledger.archive.keep import keep_at_least_figures
from client_ledger.archive.kinds import STATEMENT
from client_ledger.core.money import ZERO
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.outcome import status_of
from client_ledger.core.statements.parts import StatedItem
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE
from client_ledger.statement_runs.files import MadeFile, delete_files, read_files

REPEATED = ["statement", "status", "reason", "reason_detail", "channel", "recipients", "sent_on", "language"]


def mirror(notice: str) -> None:
	"""Repeat in a statement what became of its message. Called in the transaction that changes the message."""
	row = frappe.db.get_value(LEDGER_NOTICE, notice, REPEATED, as_dict=True)
	if not row or not row.statement:
		return
	seen = frappe.db.get_value(CUSTOMER_STATEMENT, row.statement, "seen_on")
	update(
		row.statement,
		{
			"status": status_of(row.status, row.reason, row.channel, bool(seen)).value,
			"reason": row.reason,
			"channel": row.channel,
			"recipients": row.recipients,
			"sent_on": row.sent_on,
		},
	)


def update(name: str, fields: Mapping[str, Any], now: datetime | None = None) -> None:
	"""Set fields of a statement, without the form's checks."""
	frappe.db.set_value(CUSTOMER_STATEMENT, name, dict(fields), modified=now, update_modified=bool(now))


def keep(
	statement: Mapping[str, Any],
	figures: StatementFigures,
	language: str,
	files: Sequence[MadeFile],
	now: datetime,
) -> None:
	"""Keep what a statement states: its figures to the cent, their hash, and its files."""
	urls = {file.field: file.url for file in files}
	update(
		statement["name"],
		{
			**amounts(figures),
			"language": language,
			"pdf": urls.get("pdf"),
			"xlsx": urls.get("xlsx"),
			"figures": figures.to_json(),
			"content_hash": figures.content_hash(),
			"stated_on": now,
		},
		now,
	)


def archive(name: str) -> None:
	"""Keep what a statement has told in the archive, once; where its disk is full, the figures without the files."""
	fields = ["customer", "company", "as_of", "figures", "content_hash", "pdf", "xlsx"]
	row = frappe.db.get_value(CUSTOMER_STATEMENT, name, fields, as_dict=True)
	if not row or not row.figures:
		return
	files = read_files(name, [url for url in (row.pdf, row.xlsx) if url])
	keep_at_least_figures(
		STATEMENT,
		row.company,
		CUSTOMER_STATEMENT,
		name,
		files=files,
		customer=row.customer,
		figures=json.loads(row.figures),
		on=row.as_of,
		version=row.content_hash,
	)


def forget(name: str) -> None:
	"""Forget what a statement would have stated: its mail did not leave."""
	row = frappe.db.get_value(CUSTOMER_STATEMENT, name, ["pdf", "xlsx"], as_dict=True)
	if not row:
		return
	delete_files(name, [url for url in (row.pdf, row.xlsx) if url])
	update(name, dict.fromkeys(("pdf", "xlsx", "figures", "content_hash", "stated_on")))


def amounts(figures: StatementFigures) -> dict[str, float]:
	"""Return the amounts of a statement that lists show: in its currency, or the company's where it has several."""
	currency = figures.currency
	if currency:
		opening, closing = (
			balance.by_currency.get(currency, ZERO) for balance in (figures.opening, figures.closing)
		)
		moved = [(line.debit, line.credit) for line in figures.lines]
		overdue = sum((item.outstanding for item in overdue_items(figures)), ZERO)
		total = sum((due.net for due in figures.due), ZERO)
	else:
		opening, closing = figures.opening.base, figures.closing.base
		moved = [(line.base_debit, line.base_credit) for line in figures.lines]
		overdue = sum((item.base_outstanding for item in overdue_items(figures)), ZERO)
		total = sum((due.base_net for due in figures.due), ZERO)
	return {
		"opening": float(opening),
		"debit": float(sum((debit for debit, _credit in moved), ZERO)),
		"credit": float(sum((credit for _debit, credit in moved), ZERO)),
		"closing": float(closing),
		"overdue": float(overdue),
		"total": float(total),
	}


def overdue_items(figures: StatementFigures) -> list[StatedItem]:
	"""Return what of a statement is overdue on its day."""
	return [item for item in figures.open_items if item.due_date and item.due_date < figures.as_of]
