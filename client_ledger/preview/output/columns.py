"""The columns of the workbook's sheets: heading, width in characters, and how the cells look."""

from client_ledger.core.ageing import bucket_labels
from client_ledger.core.credit import messages
from client_ledger.core.credit.scorecard import MEASURES
from client_ledger.core.kpis.rows import Cause
from client_ledger.files.workbook import PLAIN, Style
from client_ledger.preview.figures.forecast import DELAY_DAYS
from client_ledger.preview.i18n import _

_AMOUNT = Style("#,##0.00;[Red]-#,##0.00")
_DATE = Style("yyyy-mm-dd")
_COUNT = Style("#,##0.#")
_SHARE = Style("0.0%")
_TEXT = PLAIN


# Heading, width in characters, and how the cells look.
Column = tuple[str, int, Style]


def summary_columns() -> list[Column]:
	"""Return the columns of the summary."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Currency"), 10, _TEXT),
		(_("Figure"), 44, _TEXT),
		(_("Amount"), 18, _AMOUNT),
		(_("Number"), 12, _COUNT),
	]


def party_columns() -> list[Column]:
	"""Return the columns of whose row it is."""
	return [(_("Company"), 30, _TEXT), (_("Customer"), 14, _TEXT), (_("Customer Name"), 36, _TEXT)]


def call_columns() -> list[Column]:
	"""Return the columns of the worklist."""
	return [
		*party_columns(),
		(_("Rank"), 8, _COUNT),
		(_("Points"), 8, _COUNT),
		(_("Credit Grade"), 9, _TEXT),
		(_("Currency"), 9, _TEXT),
		(_("Collectable Overdue"), 16, _AMOUNT),
		(_("Overdue"), 16, _AMOUNT),
		(_("Oldest Due Date"), 12, _DATE),
		(_("Oldest Item (Days)"), 10, _COUNT),
		(_("Last Payment"), 12, _DATE),
		(_("Expected"), 12, _DATE),
		(_("Reasons"), 60, _TEXT),
	]


def ageing_columns() -> list[Column]:
	"""Return the columns of ageing."""
	buckets = [(_("Aged {0} Days").format(label), 15, _AMOUNT) for label in bucket_labels()]
	return [
		*party_columns(),
		(_("Customer Group"), 18, _TEXT),
		(_("Territory"), 18, _TEXT),
		(_("Sales Person"), 18, _TEXT),
		(_("Status"), 14, _TEXT),
		(_("Payment Behaviour"), 16, _TEXT),
		(_("Segment"), 9, _TEXT),
		(_("Currency"), 9, _TEXT),
		(_("Balance"), 16, _AMOUNT),
		(_("Overdue"), 16, _AMOUNT),
		(_("Unallocated Amount"), 16, _AMOUNT),
		(_("Unbilled"), 16, _AMOUNT),
		(_("Not Due"), 16, _AMOUNT),
		*buckets,
		(_("Oldest Item (Days)"), 10, _COUNT),
		(_("Average Days Late"), 10, _COUNT),
		(_("Sales (12 Months)"), 16, _AMOUNT),
		(_("Last Invoice"), 12, _DATE),
		(_("Last Payment"), 12, _DATE),
		(_("Difference from General Ledger"), 16, _AMOUNT),
	]


def grade_columns() -> list[Column]:
	"""Return the columns of credit grades."""
	return [
		*party_columns(),
		(_("Credit Grade"), 9, _TEXT),
		(_("Credit Score"), 9, _COUNT),
		(_("Grade by Score"), 10, _TEXT),
		(_("Confidence"), 18, _TEXT),
		(_("Settled Invoices"), 10, _COUNT),
		(_("Probability of Late Payment"), 10, _SHARE),
		(_("Seriously Late"), 10, _SHARE),
		(_("Currency"), 9, _TEXT),
		(_("Receivable"), 16, _AMOUNT),
		*((_("Points: {0}").format(messages.measure_label(measure, _)), 12, _COUNT) for measure in MEASURES),
		(_("Reasons"), 60, _TEXT),
		(_("How to Reach the Next Grade"), 60, _TEXT),
	]


def cash_columns() -> list[Column]:
	"""Return the columns of expected cash."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Currency"), 10, _TEXT),
		(_("From"), 12, _DATE),
		(_("To Date"), 12, _DATE),
		(_("Expected"), 18, _AMOUNT),
		(_("By Due Date"), 18, _AMOUNT),
	]


def kpi_columns() -> list[Column]:
	"""Return the columns of KPIs."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Currency"), 10, _TEXT),
		(_("KPI"), 34, _TEXT),
		(_("Value"), 16, _AMOUNT),
		(_("Unit"), 12, _TEXT),
		(_("12 Months"), 16, _AMOUNT),
		(_("A Month Ago"), 16, _AMOUNT),
		*((_(cause.value), 16, _AMOUNT) for cause in Cause),
		(_("Formula"), 60, _TEXT),
		(_("Why There Is No Value"), 50, _TEXT),
	]


def forecast_columns() -> list[Column]:
	"""Return the columns of the cash forecast."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Currency"), 10, _TEXT),
		(_("From"), 12, _DATE),
		(_("To Date"), 12, _DATE),
		(_("Expected"), 16, _AMOUNT),
		(_("P10"), 16, _AMOUNT),
		(_("P90"), 16, _AMOUNT),
		(_("By Due Date"), 16, _AMOUNT),
		(_("Same Week Earlier"), 16, _AMOUNT),
		(_("Without the Largest Customer"), 16, _AMOUNT),
		(_("Everybody {0} Days Later").format(DELAY_DAYS), 16, _AMOUNT),
		(_("Everybody a Grade Worse"), 16, _AMOUNT),
	]


def record_columns() -> list[Column]:
	"""Return the columns of the record of past forecasts."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Currency"), 10, _TEXT),
		(_("Weeks"), 10, _TEXT),
		(_("Forecasts"), 10, _COUNT),
		(_("Error (WAPE)"), 12, _SHARE),
		(_("Error by Due Date"), 12, _SHARE),
		(_("Error of the Same Week Earlier"), 12, _SHARE),
		(_("Bias"), 10, _SHARE),
		(_("Within P10 to P90"), 12, _SHARE),
	]


def warning_columns() -> list[Column]:
	"""Return the columns of early warnings."""
	return [
		*party_columns(),
		(_("Signal"), 28, _TEXT),
		(_("Severity"), 10, _TEXT),
		(_("Why"), 70, _TEXT),
		(_("Proposed Action"), 24, _TEXT),
		(_("P(Turns Bad)"), 12, _SHARE),
	]


def signal_columns() -> list[Column]:
	"""Return the columns of the record of signals."""
	return [
		(_("Company"), 34, _TEXT),
		(_("Signal"), 34, _TEXT),
		(_("Raised"), 10, _COUNT),
		(_("Judged"), 10, _COUNT),
		(_("Turned Bad"), 10, _COUNT),
		(_("Base Rate"), 10, _SHARE),
		(_("Lift"), 10, _COUNT),
		(_("Lead Time (Days)"), 12, _COUNT),
		(_("Status"), 40, _TEXT),
	]


def item_columns() -> list[Column]:
	"""Return the columns of open items."""
	return [
		*party_columns(),
		(_("Document Type"), 16, _TEXT),
		(_("Document"), 24, _TEXT),
		(_("Payment Term"), 18, _TEXT),
		(_("Date"), 12, _DATE),
		(_("Due Date"), 12, _DATE),
		(_("Days Late"), 10, _COUNT),
		(_("Status"), 14, _TEXT),
		(_("Currency"), 9, _TEXT),
		(_("Amount"), 16, _AMOUNT),
		(_("Outstanding"), 16, _AMOUNT),
		(_("Company Currency"), 10, _TEXT),
		(_("Outstanding (Company Currency)"), 18, _AMOUNT),
		(_("Expected"), 12, _DATE),
		(_("Earliest (P10)"), 12, _DATE),
		(_("Latest (P90)"), 12, _DATE),
		(_("Probability of Late Payment"), 12, _SHARE),
	]


def movement_columns() -> list[Column]:
	"""Return the columns of movements."""
	return [
		*party_columns(),
		(_("Date"), 12, _DATE),
		(_("Document Type"), 16, _TEXT),
		(_("Document"), 24, _TEXT),
		(_("Allocated To"), 28, _TEXT),
		(_("Currency"), 9, _TEXT),
		(_("Debit"), 16, _AMOUNT),
		(_("Credit"), 16, _AMOUNT),
		(_("Balance"), 16, _AMOUNT),
		(_("Company Currency"), 10, _TEXT),
		(_("Debit (Company Currency)"), 16, _AMOUNT),
		(_("Credit (Company Currency)"), 16, _AMOUNT),
		(_("Balance (Company Currency)"), 16, _AMOUNT),
		(_("Status"), 14, _TEXT),
		(_("Due Date"), 12, _DATE),
		(_("Days Late"), 10, _COUNT),
		(_("Outstanding"), 16, _AMOUNT),
	]
