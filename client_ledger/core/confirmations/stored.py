"""A comparison as rows that a database keeps, and back: nothing is matched again to show it.

CurrencyReconciliation -> a row per line and per difference of balances -> CurrencyReconciliation

The rows of a match share a number. Where its sides differ, the first row of ours holds the difference and why; why the lines
belong together stands in the first row of theirs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha1
from typing import Any

from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.differences import DifferenceKind, LedgerDifference, NextStep
from client_ledger.core.reconciliation.lines import BookedLine, LineKind, Side
from client_ledger.core.reconciliation.matches import Because, Confidence, LineMatch, MatchPass
from client_ledger.core.reconciliation.reconcile import BalanceIdentity, CurrencyReconciliation

Row = dict[str, Any]
NUMBER_LENGTH, ID_LENGTH = 140, 140
_NOTHING: Row = {
	"match_no": 0,
	"found_by": "",
	"confidence": "",
	"reason": "",
	"reason_values": "[]",
	"difference_kind": "",
	"difference": ZERO,
	"next_step": "",
	"look_again_on": None,
}


def line_key(side: Side | None, line_id: str, kind: DifferenceKind | None = None) -> str:
	"""Return what a row is known by in every run: its line, or, for a difference of balances, its kind."""
	parts = (side.value if side else "", line_id or (kind.value if kind else ""))
	return sha1("|".join(parts).encode()).hexdigest()


def rows_of(part: CurrencyReconciliation) -> list[Row]:
	"""Return the rows of a comparison: matches first, then what is left on one side, then differences of balances."""
	by_match = {id(one.match): one for one in part.differences if one.match}
	rows: list[Row] = []
	for number, match in enumerate(part.matches, 1):
		rows += _match_rows(match, number, by_match.get(id(match)))
	for one in part.differences:
		if not one.match:
			rows.append(_difference_row(one))
	for number, row in enumerate(rows, 1):
		row["line_no"] = number
	return rows


def _match_rows(match: LineMatch, number: int, difference: LedgerDifference | None) -> Iterable[Row]:
	found = {"match_no": number, "found_by": match.found_by.value, "confidence": match.confidence.value}
	for side, lines in ((Side.OURS, match.ours), (Side.THEIRS, match.theirs)):
		for place, line in enumerate(lines):
			row = {**_line_row(side, line), **found, **_reason(match.reason)}
			if difference and side is Side.OURS and not place:
				row |= _difference_fields(difference)
			yield row


def _difference_row(one: LedgerDifference) -> Row:
	if one.line:
		return {**_line_row(one.side, one.line), **_difference_fields(one)}
	side = one.side.value if one.side else ""
	bare = {"side": side, "line_id": "", "kind": "", "number": "", "date": None, "amount": ZERO}
	key = line_key(one.side, "", one.kind)
	texts = {"text": "", "line_references": "", "line_key": key}
	return {**_NOTHING, **bare, **texts, **_difference_fields(one)}


def _line_row(side: Side | None, line: BookedLine) -> Row:
	return {
		**_NOTHING,
		"side": side.value if side else "",
		"line_id": line.id,
		"kind": line.kind.value if line.kind else "",
		"number": line.number[:NUMBER_LENGTH],
		"date": line.date,
		"amount": line.amount,
		"text": line.text,
		"line_references": "\n".join(line.references),
		"line_key": line_key(side, line.id),
	}


def _difference_fields(one: LedgerDifference) -> Row:
	return {
		"difference_kind": one.kind.value,
		"difference": one.amount,
		"next_step": one.next_step.value,
		"look_again_on": one.look_again,
		**_reason(one.reason),
	}


def _reason(reason: Because) -> Row:
	values = [{"amount": str(one)} if isinstance(one, Decimal) else one for one in reason.values]
	return {"reason": reason.message, "reason_values": json.dumps(values, ensure_ascii=False, default=str)}


def reason_of(row: Mapping[str, Any]) -> Because:
	"""Return the reason that a row states."""
	values = json.loads(row.get("reason_values") or "[]")
	read = (as_money(one["amount"]) if isinstance(one, dict) else one for one in values)
	return Because(row.get("reason") or "", tuple(read))


def part_of(
	rows: Sequence[Mapping[str, Any]], currency: str, theirs: Decimal, ours: Decimal
) -> CurrencyReconciliation:
	"""Return the comparison that `rows_of` wrote. rows: in their order; theirs, ours: the balances it was made with."""
	matches: list[LineMatch] = []
	differences: list[LedgerDifference] = []
	for group in _groups(rows):
		if not group[0]["match_no"]:
			differences.append(difference_of(group[0], currency))
			continue
		match = _match_of(group, currency)
		matches.append(match)
		if group[0]["difference_kind"]:
			differences.append(replace(difference_of(group[0], currency), match=match, line=None, side=None))
	by_kind = {kind: sum((d.amount for d in differences if d.kind is kind), ZERO) for kind in DifferenceKind}
	identity = BalanceIdentity(currency, theirs, by_kind, ours)
	return CurrencyReconciliation(currency, tuple(matches), tuple(differences), identity)


def _groups(rows: Sequence[Mapping[str, Any]]) -> Iterable[list[Mapping[str, Any]]]:
	found: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
	for place, row in enumerate(rows):
		found.setdefault((row["match_no"], 0 if row["match_no"] else place), []).append(row)
	return found.values()


def _match_of(group: Sequence[Mapping[str, Any]], currency: str) -> LineMatch:
	sides = {
		side: tuple(booked_line(row, currency) for row in group if row["side"] == side.value) for side in Side
	}
	said = next(row for row in group if row["side"] == Side.THEIRS.value)
	return LineMatch(
		sides[Side.OURS],
		sides[Side.THEIRS],
		MatchPass(said["found_by"]),
		Confidence(said["confidence"]),
		reason_of(said),
	)


def difference_of(row: Mapping[str, Any], currency: str) -> LedgerDifference:
	"""Return the difference that a row holds, with its line where it is of one."""
	return LedgerDifference(
		DifferenceKind(row["difference_kind"]),
		as_money(row["difference"]),
		currency,
		NextStep(row["next_step"]),
		reason_of(row),
		Side(row["side"]) if row["side"] else None,
		booked_line(row, currency) if row["line_id"] else None,
		look_again=row["look_again_on"],
	)


def booked_line(row: Mapping[str, Any], currency: str) -> BookedLine:
	"""Return the line that a row holds."""
	day: date = row["date"]
	return BookedLine(
		row["line_id"],
		day,
		as_money(row["amount"]),
		currency,
		row["number"] or "",
		tuple((row["line_references"] or "").split("\n")) if row["line_references"] else (),
		row["text"] or "",
		LineKind(row["kind"]) if row["kind"] else None,
	)
