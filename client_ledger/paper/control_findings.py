"""What controls found, laid out: a table of all controls, then each one's findings with reason, risk and source.

ControlRun + PaperStyle -> ControlPage -> controls.html, or the workbook
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from client_ledger.core.controls.control import Control, ControlFinding
from client_ledger.core.controls.messages import parameter_text
from client_ledger.core.controls.run import ControlRun
from client_ledger.core.money import ZERO
from client_ledger.core.reasons import reason_text
from client_ledger.paper.fonts import CHINESE_FAMILIES
from client_ledger.paper.style import PaperStyle

_TEMPLATES = Path(__file__).resolve().parent / "templates"
# Of each control on the page; the workbook has all of them.
MOST_FINDINGS = 300


@dataclass(frozen=True, slots=True)
class ControlTitles:
	"""Of what the page is. notes: sentences in its language."""

	company: str
	currency: str
	as_of: date
	notes: tuple[str, ...] = ()
	left_out: Sequence[Control] = ()


class FindingRow(NamedTuple):
	"""A finding as the page shows it."""

	on: str
	severity: str
	customer: str
	documents: str
	amount: str
	reason: str


class ControlSection(NamedTuple):
	"""A control with what it found. past: how many findings the last months would have brought, "" where nobody knows.

	months: the same month by month. more: how many rows are not shown. silent: why the control can say nothing, "" where it can.
	"""

	name: str
	risk: str
	source: str
	parameters: str
	count: int
	amount: str
	past: str
	months: tuple[tuple[str, int], ...]
	rows: tuple[FindingRow, ...]
	more: int
	silent: str


def control_page(runs: Sequence[ControlRun], titles: ControlTitles, style: PaperStyle) -> str:
	"""Return what controls found as an HTML page that needs nothing else."""
	return (
		_environment()
		.get_template("control_findings.html")
		.render(
			_=style.translate,
			language=style.language,
			right_to_left=style.right_to_left,
			fonts=Markup(", ".join(f'"{family}"' for family in CHINESE_FAMILIES)),
			titles=titles,
			as_of=style.day(titles.as_of),
			sections=[lay_out_control(run, titles.currency, style) for run in runs],
			left_out=[style.translate(one.name) for one in titles.left_out],
		)
	)


@cache
def _environment() -> Environment:
	return Environment(
		loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
	)


def lay_out_control(run: ControlRun, currency: str, style: PaperStyle) -> ControlSection:
	"""Return what stands where of one control, the newest findings first."""
	_, one = style.translate, run.control
	found = sorted(run.findings, key=lambda finding: (finding.on, finding.key), reverse=True)
	total = sum((finding.amount for finding in found), ZERO)
	return ControlSection(
		_(one.name),
		_(one.risk),
		_(one.source),
		", ".join(parameter_text(each, run.values[each.name], _) for each in one.parameters),
		len(found),
		style.money(total, currency) if total else "",
		past_text(run),
		tuple((f"{month.month:%Y-%m}", len(month.keys)) for month in run.history.months)
		if run.history
		else (),
		tuple(_row(finding, currency, style) for finding in found[:MOST_FINDINGS]),
		max(len(found) - MOST_FINDINGS, 0),
		_(run.silent) if run.silent else "",
	)


def past_text(run: ControlRun) -> str:
	"""Return how many findings the months of the history would have brought, "" where it tells nothing."""
	return str(run.history.total) if run.history and run.history.months else ""


def _row(one: ControlFinding, currency: str, style: PaperStyle) -> FindingRow:
	return FindingRow(
		f"{one.on:%Y-%m-%d}",
		style.translate(one.severity.value),
		one.customer,
		documents_text(one),
		style.money(one.amount, currency) if one.amount else "",
		reason_text(one.reason, style.translate),
	)


def documents_text(one: ControlFinding, most: int = 6) -> str:
	"""Return the names of a finding's documents, the first ones and an ellipsis."""
	names = [document.name for document in one.documents]
	return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def control_columns(style: PaperStyle) -> Iterable[str]:
	"""Return the headings of findings."""
	_ = style.translate
	return (
		_("Control"), _("Date"), _("Severity"), _("Customer"), _("Documents"), _("Amount"), _("Currency"), _("Reason"), _("Key")
	)  # fmt: skip
