"""Scorecards between the desk and the core: Credit Scorecard as the core's Scorecard and back, which one is active."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, now_datetime

from client_ledger.core.credit import messages
from client_ledger.core.credit.measures import MeasureSettings
from client_ledger.core.credit.scorecard import (
	Band,
	Cap,
	Curve,
	Deduction,
	Factor,
	Scorecard,
	ScorecardError,
	curve_of,
)
from client_ledger.site.doctypes import CREDIT_SCORECARD
from client_ledger.site.messages import bold, filled

ACTIVE, REPLACED = "Active", "Replaced"


class SiteScorecard(NamedTuple):
	"""The scorecard in force for a company. valid_days: of the assessments made by it."""

	name: str
	scorecard: Scorecard
	valid_days: int


def active_scorecard(company: str) -> SiteScorecard | None:
	"""Return the company's active scorecard, else the one for all companies, None where there is none."""
	for value in (company, ""):
		filters = {"docstatus": 1, "status": ACTIVE, "company": value or ("is", "not set")}
		name = frappe.db.get_value(CREDIT_SCORECARD, filters, order_by="active_from desc")
		if name:
			doc = frappe.get_cached_doc(CREDIT_SCORECARD, name)
			return SiteScorecard(name, as_scorecard(doc), cint(doc.valid_days))
	return None


def as_scorecard(doc: Document) -> Scorecard:
	"""Return the core's scorecard. Raises frappe.ValidationError for a curve that is none, naming its row."""
	return Scorecard(
		version=doc.name or "",
		factors=tuple(
			Factor(row.measure, flt(row.weight), parse_curve(row.curve, "Factors", row.idx))
			for row in doc.factors
		),
		bands=tuple(Band(row.grade, flt(row.minimum), flt(row.maximum)) for row in doc.bands),
		caps=tuple(Cap(cint(row.days), row.grade) for row in doc.caps),
		deductions=tuple(
			Deduction(row.measure, flt(row.maximum), parse_curve(row.curve, "Deductions", row.idx))
			for row in doc.deductions
		),
		settings=MeasureSettings(
			tolerance=cint(doc.tolerance),
			serious_days=cint(doc.serious_days) or None,
			half_life=flt(doc.half_life),
			prior_strength=flt(doc.prior_strength),
			amount_cap=flt(doc.amount_cap),
			lateness_cap=cint(doc.lateness_cap),
			trend_days=cint(doc.trend_days),
			cap_balance_share=_share(doc.cap_balance_percent),
			cap_sales_share=_share(doc.cap_sales_percent),
		),
	)


def _share(percent: float) -> float:
	return round(flt(percent) / 100, 6)


def _percent(share: float) -> float:
	return round(share * 100, 4)


def parse_curve(text: str, table: str, row: int) -> Curve:
	"""Return the curve written as "0: 1, 5: 0.7". Raises frappe.ValidationError naming the point that is none."""
	points = []
	parts = [part for part in (text or "").replace(";", ",").split(",") if part.strip()]
	for place, part in enumerate(parts, 1):
		try:
			x, y = part.split(":")
			points.append((float(x), float(y)))
		except ValueError:
			frappe.throw(
				filled(
					_(
						"{0}, row {1}: point {2} of the curve is {3}. Enter a value and its share, such as 5: 0.7."
					),
					_(table),
					row,
					place,
					bold(part.strip()),
				)
			)
	return curve_of(points)


def curve_text(curve: Curve) -> str:
	"""Return a curve as people write it."""
	return ", ".join(f"{x:g}: {y:g}" for x, y in curve)


def check(doc: Document) -> None:
	"""Refuse a scorecard that must not be used. Raises frappe.ValidationError naming every row that is wrong."""
	try:
		as_scorecard(doc).check()
	except ScorecardError as error:
		lines = [messages.problem(problem, _) for problem in error.problems]
		frappe.throw("<br>".join(lines), title=_("Invalid Scorecard"))


def rows_of(scorecard: Scorecard) -> dict:
	"""Return the fields of a Credit Scorecard that hold *scorecard*."""
	settings = scorecard.settings
	return {
		"factors": [
			{"measure": f.measure, "weight": f.weight, "curve": curve_text(f.curve)}
			for f in scorecard.factors
		],
		"bands": [{"grade": b.grade, "minimum": b.minimum, "maximum": b.maximum} for b in scorecard.bands],
		"caps": [{"days": c.days, "grade": c.grade} for c in scorecard.caps],
		"deductions": [
			{"measure": d.measure, "maximum": d.maximum, "curve": curve_text(d.curve)}
			for d in scorecard.deductions
		],
		"tolerance": settings.tolerance,
		"serious_days": settings.serious_days or 0,
		"half_life": settings.half_life,
		"prior_strength": settings.prior_strength,
		"amount_cap": settings.amount_cap,
		"lateness_cap": settings.lateness_cap,
		"trend_days": settings.trend_days,
		"cap_balance_percent": _percent(settings.cap_balance_share),
		"cap_sales_percent": _percent(settings.cap_sales_share),
	}


def activate(doc: Document) -> None:
	"""Put a submitted scorecard in force; the one it replaces says so."""
	now = now_datetime()
	for name in frappe.get_all(
		CREDIT_SCORECARD,
		{
			"docstatus": 1,
			"status": ACTIVE,
			"name": ("!=", doc.name),
			"company": doc.company or ("is", "not set"),
		},
		pluck="name",
		order_by="name",
	):
		frappe.db.set_value(CREDIT_SCORECARD, name, {"status": REPLACED, "replaced_on": now})
		frappe.clear_document_cache(CREDIT_SCORECARD, name)
	doc.db_set({"status": ACTIVE, "active_from": now})


def make_default() -> None:
	"""Make and activate the shipped scorecard, with the defaults that were measured."""
	doc = frappe.get_doc(
		{
			"doctype": CREDIT_SCORECARD,
			"title": "Standard",
			"company": "",
			"notes": "Measured on real ledgers; see the documentation.",
			**rows_of(Scorecard()),
		}
	)
	doc.flags.ignore_permissions = True
	doc.insert()
	doc.submit()
