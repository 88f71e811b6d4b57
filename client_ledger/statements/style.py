"""How the site writes statements: in the language spoken now, amounts and days as its settings say."""

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate
from frappe.utils.jinja_globals import is_rtl

from client_ledger.paper.style import PaperStyle


def site_style() -> PaperStyle:
	"""Return the style of papers in the language spoken now."""
	return PaperStyle(
		frappe.local.lang or "en",
		lambda message, context=None: _(message, context=context),
		lambda amount, currency: fmt_money(amount, currency=currency),
		formatdate,
		is_rtl(),
	)
