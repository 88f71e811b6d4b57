"""Parts of a statement as JSON can hold them, and back.

Amounts are texts in plain decimals, at least two of them ("-1200.00"), so that no reader's floating point changes a cent.
What is not there (None, "", an empty list, False) is left out.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.ageing import Ageing
from client_ledger.core.amount_due import Credit
from client_ledger.core.entries import Voucher
from client_ledger.core.movements import Opening
from client_ledger.core.statements.parts import BankDetails, StatedAmountDue, StatedItem, StatedLine
from client_ledger.core.status import ItemStatus


def amount_text(amount: Decimal) -> str:
	"""Return an amount in plain decimals: at least two, no zeros after those, no exponent, no minus on nothing."""
	if not amount:
		return "0.00"
	whole, _point, decimals = format(amount, "f").partition(".")
	return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def record(row: object) -> dict[str, Any]:
	"""Return what a dataclass or named tuple holds, in the order of its fields, without what is not there."""
	names = getattr(row, "_fields", None) or [field.name for field in fields(row)]
	found = {name: _written(getattr(row, name)) for name in names}
	return {name: value for name, value in found.items() if not _is_nothing(value)}


def _is_nothing(value: object) -> bool:
	return value is None or value is False or value == "" or value == []


def _written(value: object) -> Any:
	if isinstance(value, Decimal):
		return amount_text(value)
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, ItemStatus):
		return value.value
	if isinstance(value, Credit):
		return record(value)
	if isinstance(value, tuple):
		return [_written(one) for one in value]
	return value


def balance(opening: Opening) -> dict[str, Any]:
	"""Return a balance, its currencies in alphabetical order."""
	by_currency = {name: amount_text(opening.by_currency[name]) for name in sorted(opening.by_currency)}
	return {"by_currency": by_currency, "base": amount_text(opening.base)}


def ageing(amounts: Ageing) -> dict[str, Any]:
	"""Return an ageing; how many days each bucket is, stands beside it once."""
	return {"not_due": amount_text(amounts.not_due), "buckets": [amount_text(a) for a in amounts.buckets]}


def read_balance(data: Mapping[str, Any]) -> Opening:
	"""Return what `balance` wrote."""
	return Opening({name: Decimal(text) for name, text in data["by_currency"].items()}, Decimal(data["base"]))


def read_ageing(data: Mapping[str, Any]) -> Ageing:
	"""Return what `ageing` wrote."""
	return Ageing(Decimal(data["not_due"]), [Decimal(text) for text in data["buckets"]])


def read_line(data: Mapping[str, Any]) -> StatedLine:
	"""Return the line that `record` wrote."""
	return StatedLine(
		data["customer"],
		date.fromisoformat(data["posting_date"]),
		Voucher(*data["voucher"]),
		tuple(Voucher(*pair) for pair in data.get("against", ())),
		read_day(data.get("due_date")),
		ItemStatus(data["status"]),
		data.get("days_late"),
		data["currency"],
		*(
			Decimal(data[name])
			for name in (
				"debit",
				"credit",
				"balance",
				"base_debit",
				"base_credit",
				"base_balance",
				"outstanding",
				"base_outstanding",
			)
		),
		data.get("is_disputed", False),
	)


def read_item(data: Mapping[str, Any]) -> StatedItem:
	"""Return the open item that `record` wrote."""
	return StatedItem(
		data["customer"],
		date.fromisoformat(data["posting_date"]),
		Voucher(*data["voucher"]),
		data.get("term"),
		read_day(data.get("due_date")),
		ItemStatus(data["status"]),
		data.get("days_late"),
		data["currency"],
		*(Decimal(data[name]) for name in ("amount", "base_amount", "outstanding", "base_outstanding")),
		data.get("is_disputed", False),
	)


def read_due(data: Mapping[str, Any]) -> StatedAmountDue:
	"""Return the amount due that `record` wrote."""
	credits = tuple(
		Credit(
			Decimal(credit["amount"]),
			Voucher(*credit["voucher"]) if credit.get("voucher") else None,
			read_day(credit.get("posting_date")),
		)
		for credit in data.get("credits", ())
	)
	return StatedAmountDue(
		data["customer"],
		data["currency"],
		Decimal(data["overdue"]),
		Decimal(data["withheld"]),
		credits,
		Decimal(data["net"]),
		Decimal(data["base_net"]),
	)


def read_bank(data: Mapping[str, Any]) -> BankDetails:
	"""Return the bank details that `record` wrote."""
	return BankDetails(**{"holder": "", "bank": "", **data})


def read_day(text: str | None) -> date | None:
	"""Return a day, None where there is none."""
	return date.fromisoformat(text) if text else None
