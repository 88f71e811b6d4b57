"""Credit in words: from the keys and figures of an assessment or a scorecard's problem to sentences.

Every function takes the caller's translate function as `_`, the last argument, so that messages stand here literally
and each caller words them in its own language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from client_ledger.core.credit.assessment import UNRATED, Assessment, Capped, GradeReason, Lift, Lifts
from client_ledger.core.credit.histogram import Confidence
from client_ledger.core.credit.scorecard import (
	AVERAGE_DAYS_LATE,
	BROKEN_PROMISES,
	DUE_DATE_SHARE,
	HISTORY,
	LIMIT_UTILISATION,
	OLDEST_DAYS,
	ON_TIME_SHARE,
	SERIOUS_SHARE,
	TREND,
	Problem,
)

Translate = Callable[[str], str]
Figures = dict[str, Any]
# Days and points smaller than this are shown as none.
_NOTHING = 0.05


@dataclass(frozen=True, slots=True)
class Said:
	"""A heading, and the sentences under it."""

	heading: str
	sentences: tuple[str, ...]


def measure_label(measure: str, _: Translate) -> str:
	"""Return what a factor or a deduction is called; an unknown one by its key."""
	labels = {
		DUE_DATE_SHARE: _("Paid by Due Date"),
		ON_TIME_SHARE: _("Paid on Time"),
		AVERAGE_DAYS_LATE: _("Average Days Late"),
		SERIOUS_SHARE: _("Seriously Late"),
		OLDEST_DAYS: _("Oldest Open Item"),
		HISTORY: _("Depth of History"),
		TREND: _("Trend"),
		BROKEN_PROMISES: _("Broken Promises"),
		LIMIT_UTILISATION: _("Limit Utilisation"),
	}
	return labels.get(measure, measure)


def grade_label(grade: str, _: Translate) -> str:
	"""Return the grade as it is shown; a letter is the same in every language."""
	return _("Unrated") if grade == UNRATED else grade


def confidence_label(confidence: Confidence, _: Translate) -> str:
	"""Return how far the figures may be trusted."""
	labels = {"none": _("No History"), "low": _("Low Confidence"), "normal": _("Normal Confidence")}
	return labels[confidence]


def confidence(confidence: Confidence, settled: int, _: Translate) -> str:
	"""Return on how many invoices the figures rest, and how far they may be trusted."""
	if confidence == "none":
		return _("No invoice has been settled yet: the figures are those of all customers together.")
	if confidence == "low":
		return _("Low confidence. Settled invoices so far: {0}.").format(settled)
	return _("Based on settled invoices: {0}.").format(settled)


def reason(found: GradeReason, _: Translate) -> str:
	"""Return why a factor, a deduction or a cap came out as it did. Raises KeyError for an unknown key."""
	return _REASONS[found.key](found.figures, _)


def cap(found: Capped, _: Translate) -> str:
	"""Return the grade that a cap allows at most, and why."""
	if found.reason.key in _FIRST_METHOD_CAPS:
		return _("Maximum grade {0}: {1}").format(found.grade, reason(found.reason, _))
	return _("One grade lower, {0}: {1}").format(found.grade, reason(found.reason, _))


def caps(found: Iterable[Capped], _: Translate) -> list[str]:
	"""Return the caps in words, the strictest alone where several rest on the same item."""
	last = {one.reason.key: one for one in found}
	return [cap(one, _) for one in last.values()]


def lift(found: Lift, _: Translate) -> str:
	"""Return one change: what the measure must become, and what it is now."""
	return _LIFTS[found.measure](found, _)


def lifts(found: Lifts | None, _: Translate) -> list[Said]:
	"""Return what would lift an assessment to the next better grade; nothing where there is none."""
	if found is None:
		return []
	said = []
	if found.required:
		heading = _("Required for grade {0}").format(found.grade)
		said.append(Said(heading, tuple(lift(one, _) for one in found.required)))
	if found.alone:
		heading = _("{0} points below grade {1}. Any one of these is sufficient").format(
			_number(found.missing), found.grade
		)
		said.append(Said(heading, tuple(lift(one, _) for one in found.alone)))
	elif found.together:
		heading = _("{0} points below grade {1}. All of these are required").format(
			_number(found.missing), found.grade
		)
		said.append(Said(heading, tuple(lift(one, _) for one in found.together)))
	return said


def in_short(found: Assessment, _: Translate) -> str:
	"""Return an assessment in one line: grade, score, what it rests on."""
	if found.score is None:
		return grade_label(found.grade, _)
	return _("{0}, {1} of 100 points").format(grade_label(found.grade, _), _number(found.score))


def problem(found: Problem, _: Translate) -> str:
	"""Return what is wrong with a scorecard, naming table and row. Raises KeyError for an unknown key."""
	table = _TABLES[found.table](_)
	text = _PROBLEMS[found.key](found.figures, _)
	if not found.row:
		return _("{0}: {1}").format(table, text)
	return _("{0}, row {1}: {2}").format(table, found.row, text)


def _at_least(value: float) -> float:
	"""Return what to ask for: rounded so that who reaches the figure shown has reached the one that counts."""
	return ceil(round(value * 10, 6)) / 10


def _at_most(value: float) -> float:
	return floor(round(value * 10, 6)) / 10


def _number(value: float, decimals: int = 1) -> str:
	"""Return a figure without needless zeros; what rounds to nothing has no sign."""
	text = f"{value:,.{decimals}f}"
	text = text.rstrip("0").rstrip(".") if "." in text else text
	return "0" if text == "-0" else text


def _percent(share: float) -> str:
	return f"{_number(share * 100)}%"


def _sentences(first: str, second: str, _: Translate) -> str:
	return _("{0} {1}").format(first, second)


def _by_due_date(figures: Figures, _: Translate) -> str:
	if figures["settled"]:
		text = _("{0} of {1} settled invoices were paid by their due date.").format(
			figures["on_due_date"], figures["settled"]
		)
	else:
		text = _("No invoice has been settled yet.")
	if figures["overdue_items"]:
		text = _sentences(text, _("Open ones past due by now: {0}.").format(figures["overdue_items"]), _)
	return _sentences(text, _weighted(figures["share"], _), _)


def _weighted(share: float, _: Translate) -> str:
	weighted = _("Weighted toward recent payments and smoothed toward the portfolio average: {0}.")
	return weighted.format(_percent(share))


def _on_time(figures: Figures, _: Translate) -> str:
	if figures["settled"]:
		text = _("{0} of {1} settled invoices were paid at most {2} days late.").format(
			figures["on_time"], figures["settled"], figures["tolerance"]
		)
	else:
		text = _("No invoice has been settled yet.")
	if figures["missed"]:
		missed = _("Open invoices already later than that: {0}.").format(figures["missed"])
		text = _sentences(text, missed, _)
	return _sentences(text, _weighted(figures["share"], _), _)


def _average_days_late(figures: Figures, _: Translate) -> str:
	if figures["days"] < _NOTHING:
		return _("Not late on average, weighted by amount.")
	return _(
		"{0} days late on average, weighted by amount. Overdue items count with their current age."
	).format(_number(figures["days"]))


def _serious(figures: Figures, _: Translate) -> str:
	return _("Invoices more than {0} days late, paid or open: {1}. Expected share: {2}.").format(
		figures["serious_days"], figures["seriously_late"], _percent(figures["share"])
	)


def _oldest(figures: Figures, _: Translate) -> str:
	if not figures["days"]:
		return _("Nothing is overdue.")
	return _("Overdue items: {0}; the oldest is {1} days past due.").format(
		figures["overdue_items"], _number(figures["days"])
	)


def _history(figures: Figures, _: Translate) -> str:
	return _("Settled invoices so far: {0}.").format(_number(figures["settled"]))


def _trend(figures: Figures, _: Translate) -> str:
	days = figures["days"]
	if abs(days) < _NOTHING:
		return _("Recent payment behaviour is unchanged.")
	if days > 0:
		return _("Recently pays {0} days later than before.").format(_number(days))
	return _("Recently pays {0} days earlier than before.").format(_number(-days))


def _trend_unknown(_figures: Figures, _: Translate) -> str:
	return _("Too few payments for a trend; treated as no trend.")


def _broken_promises(figures: Figures, _: Translate) -> str:
	if not figures["count"]:
		return _("No promise to pay was broken.")
	return _("Broken promises to pay: {0}.").format(figures["count"])


def _utilisation(figures: Figures, _: Translate) -> str:
	if figures["share"] is None:
		return _("No credit limit is set.")
	return _("{0} of the credit limit is used.").format(_percent(figures["share"]))


def _old_items_material(figures: Figures, _: Translate) -> str:
	return _("Items at least {0} days past due, more than {1}, are {2} of what is owed.").format(
		_number(figures["days"]), figures["limit"], _percent(figures["share"])
	)


def _oldest_item_over(figures: Figures, _: Translate) -> str:
	return _("The oldest open item is {0} days past due, more than {1}.").format(
		_number(figures["days"]), figures["limit"]
	)


def _never_paid(figures: Figures, _: Translate) -> str:
	return _nothing_settled({"days": figures["oldest_days"]}, _)


def _nothing_settled(figures: Figures, _: Translate) -> str:
	return _("No invoice has ever been paid, and the oldest is {0} days past due.").format(
		_number(figures["days"])
	)


def _no_history(figures: Figures, _: Translate) -> str:
	text = _("Not enough history for a grade: no invoice has been settled yet and none is late.")
	if not figures["open_items"]:
		return text
	return _sentences(text, _("Open items: {0}.").format(figures["open_items"]), _)


# Assessments of the first method keep their words: a cap then led to any grade.
_FIRST_METHOD_CAPS = ("oldest_item_over", "never_paid")

_REASONS: dict[str, Callable[[Figures, Translate], str]] = {
	DUE_DATE_SHARE: _by_due_date,
	ON_TIME_SHARE: _on_time,
	AVERAGE_DAYS_LATE: _average_days_late,
	SERIOUS_SHARE: _serious,
	OLDEST_DAYS: _oldest,
	HISTORY: _history,
	TREND: _trend,
	"trend_unknown": _trend_unknown,
	BROKEN_PROMISES: _broken_promises,
	LIMIT_UTILISATION: _utilisation,
	"old_items_material": _old_items_material,
	"nothing_settled": _nothing_settled,
	"oldest_item_over": _oldest_item_over,
	"never_paid": _never_paid,
	"no_history": _no_history,
}


def _more_on_time(found: Lift, _: Translate) -> str:
	return _("Share paid on time of at least {0} (currently {1}).").format(
		_percent(_at_least(found.needed * 100) / 100), _percent(found.now or 0)
	)


def _more_by_due_date(found: Lift, _: Translate) -> str:
	return _("Share paid by the due date at least {0} (now {1}).").format(
		_percent(_at_least(found.needed * 100) / 100), _percent(found.now or 0)
	)


def _less_late(found: Lift, _: Translate) -> str:
	return _("At most {0} days late on average (currently {1}).").format(
		_number(_at_most(found.needed)), _number(found.now or 0)
	)


def _less_serious(found: Lift, _: Translate) -> str:
	return _("Share seriously late of at most {0} (currently {1}).").format(
		_percent(_at_most(found.needed * 100) / 100), _percent(found.now or 0)
	)


def _paid_up(found: Lift, _: Translate) -> str:
	if found.needed < 1:
		return _("All overdue items are paid (the oldest is currently {0} days past due).").format(
			_number(found.now or 0)
		)
	return _("No open item more than {0} days past due (oldest currently {1}).").format(
		floor(found.needed), _number(found.now or 0)
	)


def _more_history(found: Lift, _: Translate) -> str:
	if not found.now:
		return _("At least one invoice is paid.")
	return _("At least {0} settled invoices (currently {1}).").format(
		_number(found.needed), _number(found.now)
	)


def _better_trend(found: Lift, _: Translate) -> str:
	needed = _at_most(found.needed)
	if needed < 0:
		return _("Pays at least {0} days earlier than before.").format(_number(-needed))
	if not needed:
		return _("Pays no later than before.")
	return _("Pays at most {0} days later than before.").format(_number(needed))


_LIFTS: dict[str, Callable[[Lift, Translate], str]] = {
	DUE_DATE_SHARE: _more_by_due_date,
	ON_TIME_SHARE: _more_on_time,
	AVERAGE_DAYS_LATE: _less_late,
	SERIOUS_SHARE: _less_serious,
	OLDEST_DAYS: _paid_up,
	HISTORY: _more_history,
	TREND: _better_trend,
}

_TABLES: dict[str, Callable[[Translate], str]] = {
	"Factors": lambda _: _("Factors"),
	"Bands": lambda _: _("Bands"),
	"Caps": lambda _: _("Caps"),
	"Deductions": lambda _: _("Deductions"),
	"Settings": lambda _: _("Measurement Settings"),
}


def setting_label(name: str, _: Translate) -> str:
	"""Return what a setting of the measures is called; an unknown one by its name."""
	labels = {
		"tolerance": _("On Time up to (Days Late)"),
		"serious_days": _("Seriously Late After (Days)"),
		"half_life": _("Half-life (Days)"),
		"prior_strength": _("Prior Weight (Payments)"),
		"amount_cap": _("Maximum Amount Weight"),
		"lateness_cap": _("Maximum Days Late Counted"),
		"trend_days": _("Trend Window (Days)"),
		"cap_balance_share": _("Material From (% of Balance)"),
		"cap_sales_share": _("Material From (% of 12 Months' Sales)"),
	}
	return labels.get(name, name)


def _figure(value: Any) -> str:
	return f"{value:g}" if isinstance(value, int | float) else str(value)


_PROBLEMS: dict[str, Callable[[Figures, Translate], str]] = {
	"unknown_measure": lambda f, _: _("Measure {0} does not exist.").format(f["measure"]),
	"repeated_measure": lambda f, _: _("{0} is listed more than once.").format(
		measure_label(f["measure"], _)
	),
	"weight": lambda f, _: _("The points of {0} must be 0 to 100, not {1}.").format(
		measure_label(f["measure"], _), _figure(f["weight"])
	),
	"weights_sum": lambda f, _: _("The points add up to {0} instead of 100.").format(_figure(f["total"])),
	"curve_short": lambda f, _: _("The curve of {0} needs at least two points.").format(
		measure_label(f["measure"], _)
	),
	"curve_not_increasing": lambda f, _: _("Curve of {0}, point {1}: {2} must be greater than {3}.").format(
		measure_label(f["measure"], _), f["point"], _figure(f["right"]), _figure(f["left"])
	),
	"curve_range": lambda f, _: _("Curve of {0}, point {1}: {2} must be between 0 and {3}.").format(
		measure_label(f["measure"], _), f["point"], _figure(f["y"]), _figure(f["largest"])
	),
	"curve_turns": lambda f, _: _("The curve of {0} must only rise or only fall.").format(
		measure_label(f["measure"], _)
	),
	"no_bands": lambda f, _: _("No grades are defined."),
	"grade_repeated": lambda f, _: (
		_("Grade {0} is listed more than once.").format(f["grade"])
		if f["grade"]
		else _("The grade is missing.")
	),
	"band_empty": lambda f, _: _("Grade {0} ends at {1}, which must be greater than {2}.").format(
		f["grade"], _figure(f["maximum"]), _figure(f["minimum"])
	),
	"bands_overlap": lambda f, _: _("Grade {0} ends at {1}, but {2} begins at {3}: they overlap.").format(
		f["grade"], _figure(f["end"]), f["other"], _figure(f["start"])
	),
	"bands_gap": lambda f, _: _("Grade {0} ends at {1}, but {2} begins at {3}: there is a gap.").format(
		f["grade"], _figure(f["end"]), f["other"], _figure(f["start"])
	),
	"bands_top": lambda f, _: _("The best grade {0} must end at 100, not {1}.").format(
		f["grade"], _figure(f["end"])
	),
	"bands_bottom": lambda f, _: _("The worst grade {0} must begin at 0, not {1}.").format(
		f["grade"], _figure(f["start"])
	),
	"unknown_grade": lambda f, _: _("Grade {0} does not exist.").format(f["grade"]),
	"days": lambda f, _: _("Days cannot be negative: {0}.").format(_figure(f["days"])),
	"maximum": lambda f, _: _("Deductions must be between 0 and 100 points, not {0}.").format(
		_figure(f["maximum"])
	),
	"setting": lambda f, _: _("{0} cannot be {1}.").format(setting_label(f["name"], _), _figure(f["value"])),
}
