"""The results of a round: counted by status, by customer, and as a share of the receivables."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.confirmations.results import Confirmed, RoundResults, add_up
from client_ledger.core.money import ZERO, as_money
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_ROUND

FIELDS = ["status", "our_balance", "base_balance", "settled_balance"]


def round_results(round_: str) -> RoundResults:
	"""Return the figures of a round, from its confirmations as they are. It asks for no permission."""
	rows = frappe.get_all(BALANCE_CONFIRMATION, {"round": round_}, FIELDS, order_by="name")
	return add_up(_confirmed(row) for row in rows)


def _confirmed(row: Mapping[str, Any]) -> Confirmed:
	status, base = ConfirmationStatus(row["status"]), as_money(row["base_balance"])
	agreed = None
	if status is ConfirmationStatus.SETTLED and as_money(row["our_balance"]):
		# At the rate of our own balance.
		agreed = base * as_money(row["settled_balance"]) / as_money(row["our_balance"])
	return Confirmed(status, base, agreed)


def figures_of(round_: str) -> dict[str, Any]:
	"""Return the fields of a round that its confirmations give."""
	found, sending = round_results(round_), by_sending_status(round_)
	receivables = as_money(frappe.db.get_value(CONFIRMATION_ROUND, round_, "receivables"))
	counts = found.counts
	return {
		"planned": sum(counts.values()),
		"sent": sum(sending.get(one, 0) for one in ("Sending", "Sent", "Printed")),
		"failed": sending.get("Failed", 0),
		"no_address": sending.get("No Address", 0),
		"stopped": sending.get("Not Sent", 0),
		"confirmed": counts.get(ConfirmationStatus.CONFIRMED, 0)
		+ counts.get(ConfirmationStatus.NO_OBJECTION, 0),
		"differing": counts.get(ConfirmationStatus.DIFFERENCES, 0)
		+ counts.get(ConfirmationStatus.UNDER_REVIEW, 0),
		"settled": counts.get(ConfirmationStatus.SETTLED, 0),
		"unanswered": found.unanswered,
		"asked_amount": _stored(found.asked),
		"confirmed_amount": _stored(found.confirmed),
		"confirmed_share": float(found.share(receivables)),
	}


def _stored(amount: Decimal) -> float:
	return float(amount or ZERO)


def by_sending_status(round_: str) -> dict[str, int]:
	"""Return how many letters of a round have each status."""
	return _counted(round_, "sending_status")


def by_status(round_: str) -> dict[str, int]:
	"""Return how many confirmations of a round have each status."""
	return _counted(round_, "status")


def _counted(round_: str, field: str) -> dict[str, int]:
	table = frappe.qb.DocType(BALANCE_CONFIRMATION)
	query = (
		frappe.qb.from_(table)
		.select(table[field], Count("*"))
		.where(table.round == round_)
		.groupby(table[field])
	)
	return dict(query.run())
