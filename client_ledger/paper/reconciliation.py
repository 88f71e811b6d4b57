"""Two ledgers compared, laid out: the identity, the differences by kind with what to do, the matches by pass.

Reconciliation + PaperStyle -> ReconciliationLayout -> reconciliation.html, or the workbook
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from client_ledger.core.reconciliation.differences import DifferenceKind, LedgerDifference
from client_ledger.core.reconciliation.lines import BookedLine, Side
from client_ledger.core.reconciliation.matches import Because, LineMatch, MatchPass
from client_ledger.core.reconciliation.reconcile import CurrencyReconciliation, Reconciliation
from client_ledger.paper.fonts import CHINESE_FAMILIES
from client_ledger.paper.style import PaperStyle

_TEMPLATES = Path(__file__).resolve().parent / "templates"
# Of each kind and pass on the page; the workbook has all of them.
MOST_ON_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class ReconciliationTitles:
	"""Who is compared, as the page says it. notes: sentences in its language about how the lists were read."""

	ours: str
	theirs: str
	as_of: date
	notes: tuple[str, ...] = ()


class IdentityRow(NamedTuple):
	"""One figure of the identity. count: of differences."""

	label: str
	amount: str
	count: str = ""
	is_total: bool = False


class DifferenceRow(NamedTuple):
	"""A difference: what it is, whose lines, what it adds, why, and the next step."""

	ours: tuple[str, ...]
	theirs: tuple[str, ...]
	amount: str
	reason: str
	next_step: str


class MatchRow(NamedTuple):
	"""A match: the lines of both sides, the amounts, how sure, and why."""

	ours: tuple[str, ...]
	theirs: tuple[str, ...]
	our_amount: str
	their_amount: str
	confidence: str
	reason: str


class Group(NamedTuple):
	"""Rows under a title. more: how many are not shown."""

	title: str
	total: str
	count: int
	rows: tuple
	more: int = 0


@dataclass(frozen=True, slots=True)
class CurrencyLayout:
	"""What the page shows of a currency."""

	currency: str
	identity: tuple[IdentityRow, ...]
	differences: tuple[Group, ...]
	matches: tuple[Group, ...]
	bounded: str


def reconciliation_page(result: Reconciliation, titles: ReconciliationTitles, style: PaperStyle) -> str:
	"""Return the comparison as an HTML page that needs nothing else."""
	environment = _environment()
	return environment.get_template("reconciliation.html").render(
		_=style.translate,
		language=style.language,
		right_to_left=style.right_to_left,
		fonts=Markup(", ".join(f'"{family}"' for family in CHINESE_FAMILIES)),
		titles=titles,
		as_of=style.day(titles.as_of),
		parts=[lay_out_currency(part, style) for part in result.parts],
		ignored=len(result.ignored),
	)


@cache
def _environment() -> Environment:
	return Environment(
		loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
	)


def lay_out_currency(part: CurrencyReconciliation, style: PaperStyle) -> CurrencyLayout:
	"""Return what stands where of one currency, all of it as text."""
	_ = style.translate
	bounded = ""
	if part.bounded:
		bounded = _(
			"For {0} lines the search for several that make them up was given up at its bound; a person may join them."
		).format(len(part.bounded))
	return CurrencyLayout(
		part.currency,
		tuple(identity_rows(part, style)),
		tuple(_difference_groups(part, style)),
		tuple(_match_groups(part, style)),
		bounded,
	)


def identity_rows(part: CurrencyReconciliation, style: PaperStyle) -> Iterable[IdentityRow]:
	"""Yield their balance, the differences by kind, and our balance, which is the sum of them."""
	_, identity = style.translate, part.identity
	yield IdentityRow(_("Their Balance"), style.money(identity.theirs, part.currency), is_total=True)
	for kind in DifferenceKind:
		count = sum(one.kind is kind for one in part.differences)
		if count:
			yield IdentityRow(_(kind.value), style.money(identity.by_kind[kind], part.currency), str(count))
	yield IdentityRow(_("Our Balance"), style.money(identity.ours, part.currency), is_total=True)


def _difference_groups(part: CurrencyReconciliation, style: PaperStyle) -> Iterable[Group]:
	_ = style.translate
	for kind in DifferenceKind:
		found = sorted((one for one in part.differences if one.kind is kind), key=difference_place)
		if found:
			rows = tuple(_difference_row(one, style) for one in found[:MOST_ON_A_PAGE])
			total = style.money(part.identity.by_kind[kind], part.currency)
			yield Group(_(kind.value), total, len(found), rows, max(len(found) - MOST_ON_A_PAGE, 0))


def difference_place(one: LedgerDifference) -> tuple:
	"""Return where a difference stands among those of its kind: the largest first."""
	return -abs(one.amount), min((line.date for line in lines_of(one)), default=date.min), one.side or ""


def lines_of(one: LedgerDifference) -> Sequence[BookedLine]:
	"""Return the lines of a difference, of both sides."""
	if one.match:
		return (*one.match.ours, *one.match.theirs)
	return (one.line,) if one.line else ()


def _difference_row(one: LedgerDifference, style: PaperStyle) -> DifferenceRow:
	ours, theirs = sides_of(one)
	return DifferenceRow(
		tuple(_line_text(line, style) for line in ours),
		tuple(_line_text(line, style) for line in theirs),
		style.money(one.amount, one.currency),
		because(one.reason, style),
		step_text(one, style),
	)


def sides_of(one: LedgerDifference) -> tuple[Sequence[BookedLine], Sequence[BookedLine]]:
	"""Return our lines and theirs of a difference."""
	if one.match:
		return one.match.ours, one.match.theirs
	alone = (one.line,) if one.line else ()
	return (alone, ()) if one.side is Side.OURS else ((), alone)


def step_text(one: LedgerDifference, style: PaperStyle) -> str:
	"""Return the next step, with its day where it has one."""
	_ = style.translate
	if one.look_again:
		return _("Look again on {0}").format(style.day(one.look_again))
	return _(one.next_step.value)


def because(reason: Because, style: PaperStyle) -> str:
	"""Return a reason in the page's language."""
	values = [f"{value:,.2f}" if isinstance(value, Decimal) else value for value in reason.values]
	return style.translate(reason.message).format(*values)


def _match_groups(part: CurrencyReconciliation, style: PaperStyle) -> Iterable[Group]:
	_ = style.translate
	for found_by in MatchPass:
		found = [match for match in part.matches if match.found_by is found_by]
		if found:
			found.sort(key=lambda match: (match.ours[0].date, match.ours[0].number))
			rows = tuple(_match_row(match, part.currency, style) for match in found[:MOST_ON_A_PAGE])
			total = style.money(sum(match.our_amount for match in found), part.currency)
			yield Group(_(found_by.value), total, len(found), rows, max(len(found) - MOST_ON_A_PAGE, 0))


def _match_row(match: LineMatch, currency: str, style: PaperStyle) -> MatchRow:
	return MatchRow(
		tuple(_line_text(line, style) for line in match.ours),
		tuple(_line_text(line, style) for line in match.theirs),
		style.money(match.our_amount, currency),
		style.money(match.their_amount, currency),
		style.translate(match.confidence.value),
		because(match.reason, style),
	)


def _line_text(line: BookedLine, style: PaperStyle) -> str:
	words = [style.day(line.date), line.number or ", ".join(line.references) or line.text[:60]]
	return " · ".join(word for word in words if word)
