"""Credit Scorecard: what is graded, how much it counts and where grades begin; submitting a version puts it in force."""

import frappe
from frappe import _

from client_ledger.credit.grades import scorecards
from client_ledger.site.documents import LedgerDocument


class CreditScorecard(LedgerDocument):
	"""A version: submitted ones never change, amending one makes the next."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.credit_scorecard_band.credit_scorecard_band import (
			CreditScorecardBand,
		)
		from client_ledger.client_ledger.doctype.credit_scorecard_cap.credit_scorecard_cap import (
			CreditScorecardCap,
		)
		from client_ledger.client_ledger.doctype.credit_scorecard_deduction.credit_scorecard_deduction import (
			CreditScorecardDeduction,
		)
		from client_ledger.client_ledger.doctype.credit_scorecard_factor.credit_scorecard_factor import (
			CreditScorecardFactor,
		)

		active_from: DF.Datetime | None
		amended_from: DF.Link | None
		amount_cap: DF.Float
		bands: DF.Table[CreditScorecardBand]
		cap_balance_percent: DF.Percent
		cap_sales_percent: DF.Percent
		caps: DF.Table[CreditScorecardCap]
		company: DF.Link | None
		deductions: DF.Table[CreditScorecardDeduction]
		factors: DF.Table[CreditScorecardFactor]
		half_life: DF.Float
		lateness_cap: DF.Int
		notes: DF.SmallText | None
		prior_strength: DF.Float
		replaced_on: DF.Datetime | None
		serious_days: DF.Int
		status: DF.Literal["Draft", "Active", "Replaced", "Cancelled"]
		title: DF.Data
		tolerance: DF.Int
		trend_days: DF.Int
		valid_days: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what cannot be graded with, naming every row that is wrong."""
		scorecards.check(self)
		if not self.docstatus:
			self.status, self.active_from, self.replaced_on = "Draft", None, None

	def on_submit(self) -> None:
		"""It is in force from now on; assessments follow tonight."""
		scorecards.activate(self)

	def before_cancel(self) -> None:
		"""What grades must not vanish: another version has to be in force first."""
		if self.status == scorecards.ACTIVE:
			frappe.throw(_("This scorecard is active. Submit a new version first to replace it."))

	def on_cancel(self) -> None:
		"""Say so in lists."""
		self.db_set("status", "Cancelled")
