"""A balance that both sides sign, laid out: their balance, the differences by kind, our balance, what became of each difference.

CurrencyReconciliation + outcomes + who signs -> PaperLayout -> html.py or pdf.py
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from client_ledger.core.reconciliation.differences import DifferenceKind, LedgerDifference
from client_ledger.core.reconciliation.reconcile import CurrencyReconciliation
from client_ledger.paper.layout import Cell, Column, Pair, PairList, PaperLayout, Row, SignatureBox, Table
from client_ledger.paper.reconciliation import because, difference_place, identity_rows, lines_of
from client_ledger.paper.style import PaperStyle

# A paper to sign is no list: with more than these of a kind, the rest stands in the workbook.
MOST_OF_A_KIND = 100


@dataclass(frozen=True, slots=True)
class Signatory:
	"""A side of a signed balance. on: the day it has declared the balance, None: it still signs on the paper."""

	party: str
	name: str = ""
	position: str = ""
	on: date | None = None


@dataclass(frozen=True, slots=True)
class SignedBalance:
	"""What is signed. outcomes: what became of a difference, by the place of it in `part.differences`."""

	company: str
	customer_name: str
	reference: str
	as_of: date
	part: CurrencyReconciliation
	ours: Signatory
	theirs: Signatory
	outcomes: Mapping[int, str]


def lay_out(signed: SignedBalance, style: PaperStyle, made_on: date) -> PaperLayout:
	"""Return what stands where, in the language of *style*. made_on: the day that the paper says it was made on."""
	_, part = style.translate, signed.part
	amount = style.money(part.identity.ours, part.currency)
	title = _("Balance Agreement")
	return PaperLayout(
		style.language,
		style.right_to_left,
		f"{title} {signed.customer_name} {style.day(signed.as_of)}",
		signed.customer_name,
		(f"{title} · {signed.company}", _("As of {0}").format(style.day(signed.as_of)), signed.reference),
		_("Agreed Balance"),
		(Cell(amount),),
		None,
		tuple(_tables(signed, style)),
		(PairList(_("From Their Balance to Ours"), tuple(_identity(part, style))),),
		footer=_("Printed on {0}").format(style.day(made_on)),
		page_of=_("Page {0} of {1}"),
		signatures=(_box(signed.ours, style), _box(signed.theirs, style)),
		remarks=(
			_("{0} and {1} agree on the balance of {2} as of {3}, with the differences named here.").format(
				signed.company, signed.customer_name, amount, style.day(signed.as_of)
			),
		),
	)


def _identity(part: CurrencyReconciliation, style: PaperStyle) -> Iterable[Pair]:
	for row in identity_rows(part, style):
		label = f"{row.label} ({row.count})" if row.count else row.label
		yield Pair(label, row.amount, row.is_total)


def _tables(signed: SignedBalance, style: PaperStyle) -> Iterable[Table]:
	_, part = style.translate, signed.part
	columns = (
		Column(_("Date"), "day"),
		Column(_("Document"), "document"),
		Column(_("Outcome")),
		Column(_("Amount of the Difference"), "amount"),
	)
	for kind in DifferenceKind:
		found = [(place, one) for place, one in enumerate(part.differences) if one.kind is kind]
		if not found:
			continue
		found.sort(key=lambda pair: difference_place(pair[1]))
		title = _(kind.value)
		if len(found) > MOST_OF_A_KIND:
			title = _("{0}: the largest {1} of {2}").format(title, MOST_OF_A_KIND, len(found))
		rows = [_row(one, signed.outcomes.get(place, ""), style) for place, one in found[:MOST_OF_A_KIND]]
		total = style.money(part.identity.by_kind[kind], part.currency)
		rows.append(Row((Cell(""), Cell(_("Total")), Cell(total)), is_total=True))
		yield Table(title, columns, tuple(rows))


def _row(one: LedgerDifference, outcome: str, style: PaperStyle) -> Row:
	lines: Sequence = lines_of(one)
	numbers = ", ".join(
		dict.fromkeys(line.number or line.text[:40] for line in lines if line.number or line.text)
	)
	return Row(
		(
			Cell(style.day(lines[0].date) if lines else ""),
			Cell(numbers, because(one.reason, style)),
			Cell(outcome),
			Cell(style.money(one.amount, one.currency)),
		)
	)


def _box(side: Signatory, style: PaperStyle) -> SignatureBox:
	_ = style.translate
	lines = [f"{_('Name')}: {side.name}", f"{_('Position')}: {side.position}"]
	lines.append(f"{_('Date')}: {style.day(side.on) if side.on else ''}")
	return SignatureBox(side.party, tuple(lines), _("Signature and Stamp"))
