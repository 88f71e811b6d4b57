"""The rows of comparisons in the database: all written in one go, what was begun about a line stays with the line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika import Case

from client_ledger.confirmations.decisions import LineDecisions
from client_ledger.core.confirmations import steps
from client_ledger.core.confirmations.stored import Row
from client_ledger.core.entries import Voucher
from client_ledger.core.money import as_money
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import MatchPass
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, RECONCILIATION_LINE
from client_ledger.site.rows import bulk_insert

FIELDS = (
	"name", "line_no", "side", "line_id", "kind", "number", "date", "amount", "text", "line_references", "voucher_type",
	"voucher_no", "match_no", "found_by", "confidence", "by_person", "decided_by", "reason", "reason_values",
	"difference_kind", "difference", "look_again_on", "next_step", "step_doctype", "step_name", "done", "done_on", "done_by",
	"done_note", "line_key",
)  # fmt: skip
# What people and actions add to a row.
BEGUN = ("step_doctype", "step_name", "done", "done_on", "done_by", "done_note")
_NOTHING_BEGUN = {**dict.fromkeys(BEGUN), "done": 0}


@dataclass(slots=True)
class Kept:
	"""What came of writing. former: steps whose lines are gone."""

	open_differences: int = 0
	former: list[dict[str, Any]] = field(default_factory=list)


def replace(
	doc: Document, reply: str, rows: Sequence[Row], vouchers: Mapping[str, Voucher], decided: LineDecisions
) -> Kept:
	"""Write the rows of a confirmation's comparison in place of those that are there."""
	begun = {row["line_key"]: row for row in read(doc.name) if row["step_name"] or row["done"]}
	about = {
		"confirmation": doc.name,
		"reply": reply,
		"customer": doc.customer,
		"customer_name": doc.customer_name,
		"company": doc.company,
		"currency": doc.currency,
	}
	written = []
	for row in rows:
		key = f"{doc.name}|{row['line_key']}"
		voucher = vouchers.get(row["line_id"]) if row["side"] == Side.OURS.value else None
		full = {
			# The same line has the same name in every run, so that a page that is open still finds it.
			"name": sha1(key.encode()).hexdigest()[:20],
			**about,
			**row,
			**_by_person(row, decided),
			"line_key": key,
			"voucher_type": voucher.doctype if voucher else None,
			"voucher_no": voucher.name if voucher else None,
			**_NOTHING_BEGUN,
		}
		if before := begun.pop(key, None):
			full |= _carried(before, full)
		written.append(full)
	frappe.db.delete(RECONCILIATION_LINE, {"confirmation": doc.name})
	bulk_insert(RECONCILIATION_LINE, written)
	return Kept(steps.open_differences(written), [_former(row) for row in begun.values()])


def _by_person(row: Row, decided: LineDecisions) -> dict[str, Any]:
	by_hand = row["found_by"] == MatchPass.JOINED.value
	return {
		"by_person": int(by_hand),
		"decided_by": decided.who(row["side"], row["line_id"]) if by_hand else None,
	}


def _carried(before: Mapping[str, Any], row: Row) -> dict[str, Any]:
	"""Return what was begun about a line; what was ended is open again where the difference is another one by now."""
	found = {name: before[name] for name in BEGUN}
	is_same = as_money(before["difference"]) == as_money(row["difference"])
	if row["difference_kind"] and not is_same:
		found |= {"done": 0, "done_on": None, "done_by": None, "done_note": None}
	if row["difference_kind"] and before["step_name"] and before["next_step"]:
		found["next_step"] = before["next_step"]
	return found


def _former(row: Mapping[str, Any]) -> dict[str, Any]:
	names = ("number", "next_step", "step_doctype", "step_name", "done_note")
	return {**{name: row[name] for name in names}, "amount": str(as_money(row["difference"]))}


def read(confirmation: str, **filters: Any) -> list[frappe._dict]:
	"""Return the rows of a confirmation in their order."""
	rows = frappe.get_all(
		RECONCILIATION_LINE,
		{"confirmation": confirmation, **filters},
		list(FIELDS),
		order_by="line_no",
		limit_page_length=0,
	)
	for row in rows:
		row.match_no, row.done = cint(row.match_no), cint(row.done)
	return rows


def of_matches(confirmation: str, numbers: Collection[int]) -> list[frappe._dict]:
	"""Return the rows of some matches of a confirmation."""
	return read(confirmation, match_no=("in", sorted(numbers))) if numbers else []


def passes_of(confirmation: str) -> dict[str, tuple[int, float]]:
	"""Return for each pass how many matches it has made, and over what amount of ours."""
	table = frappe.qb.DocType(RECONCILIATION_LINE)
	ours = Case().when(table.side == Side.OURS.value, table.amount).else_(0)
	query = (
		frappe.qb.from_(table)
		.select(table.found_by, Count(table.match_no).distinct(), Sum(ours))
		.where((table.confirmation == confirmation) & (table.match_no > 0))
		.groupby(table.found_by)
	)
	return {found_by: (cint(count), flt(amount)) for found_by, count, amount in query.run()}


def count_open(confirmation: str) -> int:
	"""Count the open differences of a confirmation again; return how many there are."""
	count = steps.open_differences(read(confirmation, difference_kind=("is", "set")))
	frappe.db.set_value(BALANCE_CONFIRMATION, confirmation, "open_differences", count, update_modified=False)
	return count


def row_of(name: str) -> frappe._dict:
	"""Return one row with its confirmation. Raises DoesNotExistError where it is gone."""
	found = frappe.db.get_value(
		RECONCILIATION_LINE,
		name,
		[*FIELDS, "confirmation", "customer", "company", "currency", "reply"],
		as_dict=True,
	)
	if not found:
		raise frappe.DoesNotExistError(name)
	return found


def lines_of_match(row: Mapping[str, Any]) -> list[frappe._dict]:
	"""Return the rows that belong together with a row: its match, or itself alone."""
	if not cint(row["match_no"]):
		return [row]
	return read(row["confirmation"], match_no=row["match_no"])


def set_fields(name: str, fields: Mapping[str, Any]) -> None:
	"""Set what was begun about a row."""
	frappe.db.set_value(RECONCILIATION_LINE, name, dict(fields))
