"""Credit Assessment: how a customer pays, in points with their reasons, a grade and what would lift it."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.assessment import recompute as recompute_stored
from client_ledger.credit.grades.explanation import assessment_row
from client_ledger.credit.grades.in_force import update_grades
from client_ledger.site.arguments import arguments
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled
from client_ledger.site.requirements import DocumentRight, requires

# Assessments that the form draws at most.
TREND_LENGTH = 24


class CreditAssessment(LedgerDocument):
	"""Made in bulk by the nightly job, or by hand with its button; never typed in."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.credit_assessment_factor.credit_assessment_factor import (
			CreditAssessmentFactor,
		)

		amended_from: DF.Link | None
		as_of: DF.Date
		company: DF.Link
		confidence: DF.Literal["none", "low", "normal"]
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		factors: DF.Table[CreditAssessmentFactor]
		grade: DF.Link | None
		lifts: DF.SmallText | None
		p_late: DF.Percent
		p_serious: DF.Percent
		previous_grade: DF.Link | None
		reasons: DF.SmallText | None
		recommended_limit: DF.Currency
		score: DF.Float
		scorecard: DF.Link | None
		scored_grade: DF.Link | None
		settled: DF.Int
		source: DF.Literal["Nightly Job", "Manual"]
		status: DF.Literal["Draft", "Active", "Replaced", "Cancelled"]
		stored: DF.LongText | None
		valid_to: DF.Date | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""An assessment is computed, never entered."""
		frappe.throw(
			_(
				"Credit Assessments are calculated. Use Assess Now on the customer's Credit Control tab or Client "
				"Account."
			),
			frappe.PermissionError,
		)

	def onload(self) -> None:
		"""Give the form the reasons in the reader's language, and the customer's grades until now, oldest first."""
		self.set_onload("in_words", self._in_words())
		rows = frappe.get_all(
			self.doctype,
			{"customer": self.customer, "company": self.company, "docstatus": 1},
			["name", "as_of", "grade", "score", "confidence"],
			order_by="as_of desc, creation desc",
			limit=TREND_LENGTH,
		)
		self.set_onload("trend", rows[::-1])

	def _in_words(self) -> dict | None:
		"""Return the reasons; None where what is stored cannot be read: the form then has the words of its day."""
		try:
			return assessment_row(self.name)
		except (ValueError, KeyError, TypeError):
			return None

	def on_cancel(self) -> None:
		"""The one before is in force again, if it still holds."""
		self.db_set("status", "Cancelled")
		before = frappe.get_all(
			self.doctype,
			{"customer": self.customer, "company": self.company, "docstatus": 1, "name": ("!=", self.name)},
			["name", "status"],
			order_by="as_of desc, creation desc",
			limit=1,
		)
		if before and before[0].status == "Replaced":
			frappe.db.set_value(self.doctype, before[0].name, "status", "Active")
		update_grades([self.customer], self.company, getdate())


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight("Credit Assessment"))
def recompute(name: str) -> dict:
	"""Make an assessment again from what is stored with it; return whether every figure is the same, and which are not."""
	doc = frappe.get_doc("Credit Assessment", name)
	try:
		again = recompute_stored(doc.stored or "")
	except (ValueError, KeyError, TypeError) as error:
		frappe.throw(filled(_("{0} cannot be recalculated: {1}"), doc.name, str(error)))
	differences = {path: list(pair) for path, pair in again.differences.items()}
	# What the form shows must be what is stored, too.
	shown = {"grade": doc.grade, "score": round(doc.score or 0, 4)}
	fresh = {"grade": again.assessment.grade, "score": round(again.assessment.score or 0, 4)}
	differences |= {field: [shown[field], fresh[field]] for field in shown if shown[field] != fresh[field]}
	return {
		"identical": not differences,
		"grade": again.assessment.grade,
		"score": again.assessment.score,
		"differences": differences,
	}


def on_doctype_update() -> None:
	"""The assessment in force of a customer is looked up often."""
	frappe.db.add_index(
		"Credit Assessment", ["company", "status", "customer"], "cl_credit_assessment_in_force"
	)
