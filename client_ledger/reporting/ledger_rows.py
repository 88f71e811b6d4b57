"""Ledger rows of a report: per customer the opening balance, its movements, the closing balance, and whether it ties to the General Ledger.

One currency per row: the company's, or in party currency that of the receivable account; totals per currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from frappe import _

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.movements import LedgerLine, Opening
from client_ledger.core.status import ItemStatus
from client_ledger.ledger.period_ledgers import PeriodLedger
from client_ledger.ledger.reader import GLReconciliation, VoucherDifference

COLOURS = {
	ItemStatus.PAID: "green",
	ItemStatus.SETTLED: "green",
	ItemStatus.PART_PAID: "yellow",
	ItemStatus.NOT_DUE: "blue",
	ItemStatus.OVERDUE: "red",
	ItemStatus.CREDIT: "purple",
}
_SHOWN = 3


@dataclass(slots=True)
class Sums:
	"""Opening balance, debits, credits and closing balance in one currency."""

	opening: Decimal = ZERO
	debit: Decimal = ZERO
	credit: Decimal = ZERO

	@property
	def closing(self) -> Decimal:
		"""The balance after the period."""
		return self.opening + self.debit - self.credit

	def add(self, other: "Sums") -> None:
		"""Add other sums of the same currency."""
		self.opening += other.opening
		self.debit += other.debit
		self.credit += other.credit


@dataclass(slots=True)
class LedgerRows:
	"""A customer's rows and what they sum to, by currency."""

	rows: list[dict] = field(default_factory=list)
	sums: dict[str, Sums] = field(default_factory=dict)


def ledger_rows(customer: str, ledger: PeriodLedger, company_currency: str | None) -> LedgerRows:
	"""Return a customer's rows. company_currency: amounts in it; None for account currencies."""
	sums = _sums(ledger, company_currency)
	opening = [
		_balance_row(customer, _("Opening Balance"), currency, total.opening)
		for currency, total in sums.items()
	]
	lines = [_line_row(customer, line, company_currency) for line in ledger.lines]
	closing = [
		{
			**_balance_row(customer, _("Closing Balance", context="Client Ledger"), currency, total.closing),
			"debit": float(total.debit),
			"credit": float(total.credit),
		}
		for currency, total in sums.items()
	]
	return LedgerRows([*opening, *lines, *closing], sums)


def _sums(ledger: PeriodLedger, company_currency: str | None) -> dict[str, Sums]:
	sums = {currency: Sums(amount) for currency, amount in _amounts(ledger.opening, company_currency)}
	for line in ledger.lines:
		move = line.movement
		if company_currency:
			sums.setdefault(company_currency, Sums()).add(Sums(ZERO, move.base_debit, move.base_credit))
		else:
			sums.setdefault(move.currency, Sums()).add(Sums(ZERO, move.debit, move.credit))
	return dict(sorted(sums.items()))


def _amounts(balance: Opening, company_currency: str | None) -> Iterable[tuple[str, Decimal]]:
	return ((company_currency, balance.base),) if company_currency else balance.by_currency.items()


def _line_row(customer: str, line: LedgerLine, company_currency: str | None) -> dict:
	move = line.movement
	debit, credit, balance, outstanding = (
		(move.base_debit, move.base_credit, move.base_balance, line.base_outstanding)
		if company_currency
		else (move.debit, move.credit, move.balance, line.outstanding)
	)
	return {
		"posting_date": move.posting_date,
		"customer": customer,
		"voucher_type": move.voucher.doctype,
		"voucher_no": move.voucher.name,
		"due_date": line.due_date,
		"status": _(line.status.value),
		"colour": COLOURS[line.status],
		"days_late": line.days_late,
		"currency": company_currency or move.currency,
		"debit": float(debit),
		"credit": float(credit),
		"balance": float(balance),
		"outstanding": float(outstanding),
		"against": _names(move.against),
	}


def _balance_row(customer: str, label: str, currency: str, balance: Decimal) -> dict:
	return {
		"customer": customer,
		"voucher_type": label,
		"currency": currency,
		"balance": float(balance),
		"bold": 1,
	}


def _names(vouchers: Sequence[Voucher]) -> str:
	names = [voucher.name for voucher in vouchers]
	return ", ".join(names[:_SHOWN]) + (f" +{len(names) - _SHOWN}" if len(names) > _SHOWN else "")


def reconciliation_rows(
	customer: str,
	reconciliation: GLReconciliation | None,
	differences: Iterable[VoucherDifference],
	company_currency: str,
) -> list[dict]:
	"""Return whether a customer's balance ties to the General Ledger in every account, and where it does not the accounts
	and the vouchers.
	"""
	if reconciliation is None or not reconciliation.difference:
		return [
			{"customer": customer, "voucher_type": _("Matches General Ledger"), "colour": "green", "tie": 1}
		]
	label = _("Differs from General Ledger")
	return [
		*(
			{
				**_balance_row(customer, label, company_currency, found.difference),
				"against": found.account,
				"colour": "red",
				"tie": 1,
			}
			for found in reconciliation.differing
		),
		*(
			{
				"customer": customer,
				"voucher_type": found.voucher.doctype,
				"voucher_no": found.voucher.name,
				"currency": company_currency,
				"balance": float(found.general_ledger - found.payment_ledger),
				"against": found.account,
				"colour": "red",
				"tie": 1,
			}
			for found in differences
		),
	]


def total_rows(totals: Mapping[str, Sums]) -> list[dict]:
	"""Return one row per currency with the sums of all customers."""
	return [
		{
			"voucher_type": _("Total"),
			"currency": currency,
			"debit": float(total.debit),
			"credit": float(total.credit),
			"balance": float(total.closing),
			"bold": 1,
		}
		for currency, total in totals.items()
	]


def add_up(statements: Iterable[LedgerRows]) -> dict[str, Sums]:
	"""Return the sums of all statements by currency."""
	totals: dict[str, Sums] = {}
	for found in statements:
		for currency, sums in found.sums.items():
			totals.setdefault(currency, Sums()).add(sums)
	return dict(sorted(totals.items()))
