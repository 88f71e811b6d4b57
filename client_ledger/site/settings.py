"""The site's choices for client accounts and the credit check, read from Client Ledger Settings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import add_months, cint, getdate

from client_ledger.core.ageing import DEFAULT_RANGES, bucket_labels, check_ranges
from client_ledger.core.status import LONG_OVERDUE_DAYS
from client_ledger.site.doctypes import LEDGER_SETTINGS

BUCKETS = len(DEFAULT_RANGES) + 1
SALES_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AccountSettings:
	"""How accounts are judged. ranges: ageing bounds, days. late_tolerance: days that still count as on time.

	volume_shares: cumulated shares of sales where classes A and B end. history_months: how far back
	payment behaviour is averaged.
	"""

	ranges: tuple[int, ...] = DEFAULT_RANGES
	long_overdue_after: int = LONG_OVERDUE_DAYS
	late_tolerance: int = 5
	volume_shares: tuple[Decimal, Decimal] = (Decimal("0.8"), Decimal("0.95"))
	history_months: int = 12

	@property
	def labels(self) -> list[str]:
		"""Labels of the ageing buckets, in days."""
		return bucket_labels(self.ranges)

	def history_since(self, today: date) -> date:
		"""Return the first day that counts for payment behaviour."""
		return getdate(add_months(today, -self.history_months))

	def sales_since(self, today: date) -> date:
		"""Return the first day that counts for sales."""
		return getdate(add_months(today, -SALES_MONTHS))


def get_settings() -> AccountSettings:
	"""Return the settings of the current site."""
	doc = frappe.get_cached_doc(LEDGER_SETTINGS)
	return AccountSettings(
		parse_ranges(doc.ageing_ranges),
		cint(doc.long_overdue_days),
		cint(doc.late_tolerance_days),
		(Decimal(str(doc.share_a)) / 100, Decimal(str(doc.share_b)) / 100),
		cint(doc.history_months),
	)


def parse_ranges(text: str) -> tuple[int, ...]:
	"""Return the ageing bounds written as "30, 60, 90, 120"; raise ValueError unless four increasing numbers."""
	bounds = check_ranges([int(part) for part in (text or "").split(",")])
	if len(bounds) != BUCKETS - 1:
		raise ValueError(f"expected {BUCKETS - 1} ageing ranges, got {len(bounds)}")
	return bounds


class CheckMode:
	"""What the credit check does: nothing, only warn, or what its rules say."""

	OFF, WARN, HOLD = "Off", "Warn", "Hold"


def credit_checks() -> str:
	"""Return the CheckMode the site has chosen."""
	return frappe.get_cached_doc(LEDGER_SETTINGS).get("credit_checks") or CheckMode.WARN


# Of Company, see setup/custom_fields.py.
PORTAL_SWITCH = "cl_customer_portal"
CASH_FORECAST_SWITCH = "cl_cash_forecast"


def portal_is_on(company: str) -> bool:
	"""Return whether *company* has switched its customer portal on."""
	return bool(cint(frappe.db.get_value("Company", company, PORTAL_SWITCH)))


def store_defaults(doctype: str) -> None:
	"""Store those defaults of a single document that are not stored: Frappe forgets them once one value of it is."""
	stored = frappe.db.get_singles_dict(doctype)
	for field in frappe.get_meta(doctype).fields:
		if field.default is not None and field.fieldname not in stored:
			frappe.db.set_single_value(doctype, field.fieldname, field.default, update_modified=False)
