"""The figures of client accounts: what the ledger says, decided by the core, as the columns of `Client Account`.

Nothing here reads a database. Amounts are company currency, rounded by the core at its precision.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.account import Position
from client_ledger.core.ageing import Ageing
from client_ledger.core.credit.exposure import Exposure, utilisation
from client_ledger.core.credit.limits import Limit
from client_ledger.core.money import ZERO
from client_ledger.core.settlement import Settled, average_days_late, average_days_to_pay
from client_ledger.core.status import PaymentStatus, behaviour
from client_ledger.ledger.reader import Activity, GLReconciliation, Unbilled, VoucherDifference
from client_ledger.site.settings import BUCKETS, AccountSettings

BUCKET_FIELDS = tuple(f"bucket_{i}" for i in range(1, BUCKETS + 1))
# What money is owed, whatever the date: a change of these was caused by a voucher.
LEDGER_FIELDS = ("balance", "receivable", "unallocated", "open_items", "balances_by_currency")
BALANCE_FIELDS = (
	*LEDGER_FIELDS,
	"overdue",
	"collectable",
	"not_due",
	*BUCKET_FIELDS,
	"oldest_due_date",
	"oldest_overdue_days",
	"payment_status",
	"unbilled_orders",
	"unbilled_deliveries",
	"ties_to_gl",
	"gl_difference",
)
HISTORY_FIELDS = (
	"last_invoice_date",
	"last_payment_date",
	"sales_12_months",
	"average_days_late",
	"average_days_to_pay",
	"settled_invoices",
)
CREDIT_FIELDS = (
	"limit_state",
	"credit_limit",
	"credit_exposure",
	"limit_utilisation",
	"documents_on_hold",
)
MASTER_FIELDS = ("customer_name", "customer_group", "territory", "customer_account_manager", "currency")
DERIVED_FIELDS = ("behaviour_segment", "gl_difference_vouchers")
MOST_VOUCHERS = 20

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Balances:
	"""What the ledger says of an account today. collectable: what is to be collected of it, company currency."""

	position: Position
	unbilled: Unbilled
	reconciliation: GLReconciliation
	collectable: Decimal = ZERO


def no_position(settings: AccountSettings) -> Position:
	"""Return the position of an account with nothing open."""
	nothing = Ageing(ZERO, [ZERO] * (len(settings.ranges) + 1))
	return Position(ZERO, ZERO, ZERO, ZERO, nothing, None, 0, 0, PaymentStatus.PAID_UP)


def balance_figures(balances: Balances) -> Figures:
	"""Return the columns of BALANCE_FIELDS."""
	at = balances.position
	return {
		"balance": float(at.balance),
		"receivable": float(at.receivable),
		"unallocated": float(at.unallocated),
		"overdue": float(at.overdue),
		"collectable": float(balances.collectable),
		"not_due": float(at.ageing.not_due),
		**dict(zip(BUCKET_FIELDS, map(float, at.ageing.buckets), strict=True)),
		"open_items": at.open_items,
		"oldest_due_date": at.oldest_due_date,
		"oldest_overdue_days": at.oldest_overdue_days,
		"payment_status": at.status.value,
		"balances_by_currency": currency_text(at.currencies),
		"unbilled_orders": float(balances.unbilled.orders),
		"unbilled_deliveries": float(balances.unbilled.deliveries),
		"ties_to_gl": int(not balances.reconciliation.difference),
		"gl_difference": float(balances.reconciliation.difference),
	}


def history_figures(
	activity: Activity, paid: Iterable[Settled], today: date, settings: AccountSettings
) -> Figures:
	"""Return the columns of HISTORY_FIELDS; averages are 0 where no invoice was settled."""
	paid = list(paid)
	since = settings.history_since(today)
	days_late, settled = average_days_late(paid, since, today)
	days_to_pay = average_days_to_pay(paid, since, today)
	return {
		"last_invoice_date": activity.last_invoice,
		"last_payment_date": activity.last_payment,
		"sales_12_months": float(activity.sales),
		"average_days_late": round(float(days_late or 0), 1),
		"average_days_to_pay": round(float(days_to_pay or 0), 1),
		"settled_invoices": settled,
	}


def credit_figures(exposure: Exposure, limit: Limit, on_hold: int) -> Figures:
	"""Return the columns of CREDIT_FIELDS; a limit of none is stored as 0, its state says so."""
	used = utilisation(exposure.total, limit.amount)
	return {
		"limit_state": limit.state.value,
		"credit_limit": float(limit.amount or 0),
		"credit_exposure": float(exposure.total),
		"limit_utilisation": round(used * 100, 2) if used is not None else 0.0,
		"documents_on_hold": on_hold,
	}


def behaviour_segment(row: Mapping[str, Any], settings: AccountSettings) -> str:
	"""Return how a customer pays, from the columns of an account."""
	days_late = Decimal(str(row["average_days_late"])) if row["settled_invoices"] else None
	return behaviour(
		days_late, row["oldest_overdue_days"], settings.late_tolerance, settings.long_overdue_after
	).value


def difference_text(differences: Iterable[VoucherDifference]) -> str:
	"""Return one line per voucher and account that the two ledgers disagree on: what each of them says."""
	lines = [
		f"{d.voucher.doctype} {d.voucher.name}, {d.account}: {d.payment_ledger:.2f} / {d.general_ledger:.2f}"
		for d in differences
	]
	if len(lines) > MOST_VOUCHERS:
		lines = [*lines[:MOST_VOUCHERS], f"... +{len(lines) - MOST_VOUCHERS}"]
	return "\n".join(lines)


def currency_text(currencies: Mapping[str, Decimal]) -> str:
	"""Return balances per account currency as JSON text: amounts as plain numbers, by currency."""
	return json.dumps({code: float(currencies[code]) for code in sorted(currencies) if currencies[code]})


def changes(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> Figures:
	"""Return the columns of *fresh* that differ from *stored* (as the database hands them over)."""
	return {name: value for name, value in fresh.items() if _plain(stored.get(name)) != _plain(value)}


def _plain(value: Any) -> Any:
	"""Databases keep an empty text as nothing and amounts at nine decimals; compare without those."""
	if isinstance(value, Decimal | float):
		return round(float(value), 6)
	return value or (None if value == "" else value)
