"""Payment Pattern: what a night learns of how a company's customers pay, kept for the day after.

The company's histogram, the figures few payments are drawn to, which payments resemble an invoice, and how P(at least
five days late) is estimated. With it, one customer is read alone: for expected dates, and for an assessment by hand.
"""

import json
from datetime import date
from typing import NamedTuple

import frappe
from frappe.utils import flt, getdate

from client_ledger.core.credit.dates import DateModel
from client_ledger.core.credit.histogram import HistogramSettings, Lateness
from client_ledger.core.credit.measures import CompanyHabits
from client_ledger.credit.grades.scorecards import SiteScorecard
from client_ledger.site.doctypes import PAYMENT_PATTERN
from client_ledger.site.rows import bulk_insert

# Days after which what was learnt no longer stands for the whole company.
VALID_DAYS = 7


class Pattern(NamedTuple):
	"""What is usual in a company. usual: the share of payments by days late; weekly_hazard: of its tail (None: not
	learnt); habits: None where they were not measured; scorecard: the one they were measured by.
	"""

	usual: dict[int, float]
	settings: HistogramSettings
	as_of: date
	weekly_hazard: float | None = None
	habits: CompanyHabits | None = None
	scorecard: str = ""
	dates: DateModel = DateModel()

	def serves(self, site: SiteScorecard, today: date) -> bool:
		"""Return whether one customer can be assessed by it today as if all were measured."""
		return (
			self.habits is not None
			and self.scorecard == site.name
			and self.settings == site.scorecard.settings.histogram()
			and 0 <= (today - self.as_of).days <= VALID_DAYS
		)


def store_pattern(
	company: str,
	lateness: Lateness,
	habits: CompanyHabits,
	dates: DateModel,
	site: SiteScorecard,
	today: date,
) -> None:
	"""Keep what is usual in *company* for tomorrow."""
	usual, settings = lateness.company, site.scorecard.settings.histogram()
	values = {
		"as_of": today,
		"payments": usual.payments,
		"p_late": round(usual.p_late * 100, 2),
		"half_life": settings.half_life,
		"prior_strength": settings.prior_strength,
		"shares": json.dumps(lateness.usual),
		"weekly_hazard": lateness.weekly_hazard,
		"measures": json.dumps({"scorecard": site.name, "habits": habits._asdict()}),
		"date_model": dates.as_text(),
	}
	name = frappe.db.get_value(PAYMENT_PATTERN, {"company": company})
	if name:
		frappe.db.set_value(PAYMENT_PATTERN, name, values)
	else:
		bulk_insert(PAYMENT_PATTERN, [{"company": company, **values}])


def pattern_of(company: str) -> Pattern | None:
	"""Return what is usual in *company*; None before the first night."""
	fields = ["shares", "half_life", "prior_strength", "as_of", "weekly_hazard", "measures", "date_model"]
	row = frappe.db.get_value(PAYMENT_PATTERN, {"company": company}, fields, as_dict=True)
	if not row:
		return None
	measures = json.loads(row.measures) if row.measures else None
	return Pattern(
		{int(days): share for days, share in json.loads(row.shares).items()},
		HistogramSettings(flt(row.half_life), flt(row.prior_strength)),
		getdate(row.as_of),
		flt(row.weekly_hazard) or None,
		CompanyHabits(**measures["habits"]) if measures else None,
		measures["scorecard"] if measures else "",
		DateModel.from_text(row.date_model),
	)
