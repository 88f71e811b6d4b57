"""Findings as rows: what of them is stored, and in which words."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import frappe
from frappe import _

from client_ledger.controls.settings import ControlInForce
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.lifecycle import FindingStatus
from client_ledger.core.entries import Voucher
from client_ledger.core.reasons import kept_reason, reason_text, values_as_json
from client_ledger.site.rows import Row

FOUND = "Found"


def unique_key(control: str, company: str, finding_key: str) -> str:
	"""Return what a finding is known by on the site: two rows of it cannot be."""
	return sha256(f"{control}\n{company}\n{finding_key}".encode()).hexdigest()[:40]


def figures_of(finding: ControlFinding, setting: ControlInForce) -> Row:
	"""Return what of a finding may change from night to night, in the site's language."""
	return {
		"severity": (setting.severity or finding.severity).value,
		"on_date": finding.on,
		"amount": float(finding.amount),
		"person": finding.person or None,
		"reason": reason_text(finding.reason, _),
		"reason_message": finding.reason.message,
		"reason_values": values_as_json(finding.reason),
		"parameters_used": setting.fingerprint,
	}


def new_row(
	finding: ControlFinding,
	setting: ControlInForce,
	company: str,
	currency: str,
	people: Sequence[str],
	now: datetime,
) -> Row:
	"""Return the row of a finding that was not there before."""
	by_role = not setting.responsible or setting.responsible in people
	return {
		"control": setting.control.code,
		"control_title": setting.control.name,
		"company": company,
		"currency": currency,
		"customer": finding.customer or None,
		"status": FindingStatus.OPEN.value,
		**figures_of(finding, setting),
		"people": "\n".join(people),
		"responsible": None if by_role else setting.responsible,
		"responsible_role": setting.role or None,
		"due_date": (now + timedelta(days=setting.deadline)).date(),
		"first_found": now,
		"last_found": now,
		"finding_key": finding.key,
		"unique_key": unique_key(setting.control.code, company, finding.key),
		"history": with_entry("", FOUND, now, by=""),
	}


def document_rows(documents: Iterable[Voucher], doctypes: Iterable[str]) -> list[Row]:
	"""Return the rows of a finding's documents, those of DocTypes that the site has."""
	known = set(doctypes)
	return [
		{"document_type": one.doctype, "document_name": one.name} for one in documents if one.doctype in known
	]


def with_entry(history: str | None, what: str, on: datetime, by: str | None = None, why: str = "") -> str:
	"""Return a finding's or control's history with one entry more. by: the user unless given, "" for the nightly run."""
	who = frappe.session.user if by is None else by
	entry = {"what": what, "by": who, "on": str(on)[:19], "why": why}
	return json.dumps([*json.loads(history or "[]"), entry], ensure_ascii=False)


def reason_of(row: Row) -> str:
	"""Return why something was found, in the reader's language."""
	if not row.get("reason_message"):
		return row.get("reason") or ""
	return reason_text(kept_reason(row["reason_message"], row.get("reason_values")), _)


def plain_history(history: str | None) -> list[dict[str, Any]]:
	"""Return a history: [{what, by, on, why}], the oldest first; what and why in the reader's language."""
	return [
		{**one, "what": _(one["what"]), "why": _(one["why"]) if one["why"] and not one["by"] else one["why"]}
		for one in json.loads(history or "[]")
	]
