"""How far month ends of KPIs are stored on a site, for the page that says what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.utils import cint, getdate

from client_ledger.kpis import nightly
from client_ledger.kpis.store import stored_days
from client_ledger.site.doctypes import LEDGER_SETTINGS


@dataclass(frozen=True, slots=True)
class KpiSetup:
	"""is_on: whether nights store months. since, until: the first and last month end that is stored, None where there is none. missing:
	months that are over and not stored, by company."""

	is_on: bool
	since: date | None
	until: date | None
	missing: dict[str, int]


def setup_facts(companies: Sequence[str]) -> KpiSetup:
	"""Return how far month ends are stored, of these companies together."""
	days = {company: stored_days(company) for company in companies}
	stored = [day for found in days.values() for day in found]
	missing = {company: len(nightly.missing_days(company, getdate())) for company in companies}
	return KpiSetup(
		bool(cint(frappe.get_cached_doc(LEDGER_SETTINGS).get("kpi_month_ends"))),
		min(stored, default=None),
		max(stored, default=None),
		{company: number for company, number in missing.items() if number},
	)
