"""Warnings that are made up: what digests, permissions and forms are tested with."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from client_ledger.core.early_warnings.catalogue import BY_CODE
from client_ledger.core.early_warnings.customer_signals import FIRST
from client_ledger.core.early_warnings.signals import ProposedAction, RaisedSignal, SignalSeverity
from client_ledger.core.reconciliation.matches import Because
from client_ledger.early_warnings import rows
from tests.bench import factories as f

HIGH, LOW = SignalSeverity.HIGH, SignalSeverity.LOW


def raise_for(
	customers: Iterable[str],
	company: str = f.COMPANY,
	severity: SignalSeverity = HIGH,
	signal: str = "first_overdue",
	today: date | None = None,
) -> list[str]:
	"""Raise a signal for *customers* ("" for the company itself); return the names of the warnings."""
	because = Because(FIRST, (Decimal("1234.50"), 12, 20, 1, 3))
	found = [RaisedSignal(signal, name, because, severity, ProposedAction.CALL) for name in customers]
	assert signal in BY_CODE
	rows.write(company, found, today or getdate(), {one.subject for one in found}, 20)
	return [
		frappe.db.get_value(
			"Early Warning",
			{"signal": signal, "customer": one.subject or ("is", "not set"), "company": company},
		)
		for one in found
	]
