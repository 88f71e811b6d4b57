"""The rows of confirmations in the database: what became of their letters, what they stated, and its place in the archive."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe

from client_ledger.archive.keep import keep_at_least_figures
from client_ledger.archive.kinds import CONFIRMATION as KEPT_AS
from client_ledger.confirmations.files import read_file
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.statements.outcome import StatementStatus, status_of
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, LEDGER_NOTICE

REPEATED = [
	"confirmation",
	"step",
	"status",
	"reason",
	"channel",
	"recipients",
	"sent_on",
	"language",
	"kind",
]
ARRIVED = (StatementStatus.SENT, StatementStatus.PRINTED, StatementStatus.SENDING)


def mirror(notice: str) -> None:
	"""Repeat in a confirmation what became of its letter. Called in the transaction that changes the message."""
	row = frappe.db.get_value(LEDGER_NOTICE, notice, REPEATED, as_dict=True)
	if not row or not row.confirmation or row.step or row.kind != "Confirmation":
		return
	status = status_of(row.status, row.reason, row.channel)
	known = frappe.db.get_value(BALANCE_CONFIRMATION, row.confirmation, ["status", "notice"], as_dict=True)
	if not known or known.notice != notice:
		return
	fields: dict[str, Any] = {
		"sending_status": status.value,
		"reason": row.reason,
		"channel": row.channel,
		"recipients": row.recipients,
		"sent_on": row.sent_on,
	}
	if status in ARRIVED and known.status == ConfirmationStatus.PLANNED.value:
		fields["status"] = ConfirmationStatus.AWAITING.value
	elif status not in ARRIVED and known.status == ConfirmationStatus.AWAITING.value:
		fields["status"] = ConfirmationStatus.PLANNED.value
	update(row.confirmation, fields)


def update(name: str, fields: Mapping[str, Any], now: datetime | None = None) -> None:
	"""Set fields of a confirmation, without the form's checks."""
	frappe.db.set_value(BALANCE_CONFIRMATION, name, dict(fields), modified=now, update_modified=bool(now))


def archive_letter(name: str) -> None:
	"""Keep what a confirmation has stated in the archive, once; where its disk is full, the figures without the letter."""
	row = frappe.db.get_value(
		BALANCE_CONFIRMATION,
		name,
		["customer", "company", "as_of", "figures", "content_hash", "letter"],
		as_dict=True,
	)
	if not row or not row.figures:
		return
	files = [read_file(BALANCE_CONFIRMATION, name, row.letter)] if row.letter else []
	keep_at_least_figures(
		KEPT_AS,
		row.company,
		BALANCE_CONFIRMATION,
		name,
		files=files,
		customer=row.customer,
		figures=json.loads(row.figures),
		on=row.as_of,
		version=row.content_hash,
	)
