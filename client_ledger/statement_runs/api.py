"""What the desk asks the server for about statements: runs, what was stated, statements that people send.

Each function says what it requires; see client_ledger.statement_runs.access for who may do what.
"""

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime
from werkzeug.wrappers import Response

from client_ledger.collections.access import AccountRight
from client_ledger.core.statements.parts import Coverage
from client_ledger.core.statements.periods import Period
from client_ledger.outbox.decisions import approve
from client_ledger.site.arguments import a_date, a_name, a_text, arguments, one_of, some_names
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_RUN, STATEMENT_SCHEDULE
from client_ledger.site.language import spoken
from client_ledger.site.request import as_date
from client_ledger.site.requirements import (
	CompanyOf,
	CompanyRight,
	DocumentRight,
	ListedCustomers,
	OneOf,
	requires,
)
from client_ledger.site.rows import plain_row
from client_ledger.site.visible import conditions_of
from client_ledger.statement_runs import files, kept, on_demand, planning, runs, schedules
from client_ledger.statement_runs.access import ROLES
from client_ledger.statement_runs.on_demand import AskedStatement
from client_ledger.statement_runs.terms import StatementTerms, terms_of
from client_ledger.statements import printing

MOST_ROWS = 500
RUN = (DocumentRight(STATEMENT_RUN, argument="run"), CompanyOf(STATEMENT_RUN, "run"))
SCHEDULE = (DocumentRight(STATEMENT_SCHEDULE, argument="schedule"), CompanyOf(STATEMENT_SCHEDULE, "schedule"))
LISTED = [
	"name", "customer", "customer_name", "currency", "closing", "total", "status", "reason", "channel", "recipients",
	"sent_on", "seen_on", "notice",
]  # fmt: skip
SEND = OneOf(ROLES["send"])
coverages = one_of(*(coverage.value for coverage in Coverage))


# --- schedules and runs ---


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date)
@requires(*SCHEDULE)
def schedule_preview(schedule: str, as_of: str | None = None, limit: int = 200) -> dict:
	"""Return who would get a statement of a schedule for a period that has ended (None: the last one). Writes nothing."""
	document = frappe.get_doc(STATEMENT_SCHEDULE, schedule)
	period = _period(document, as_of)
	found = planning.due_statements(document, period)
	visible = _visible_customers()
	due = [one for one in found.due if visible is None or one.customer in visible]
	shown = due[: min(max(limit, 1), MOST_ROWS)]
	return {
		"from_date": str(period.from_date),
		"as_of": str(period.as_of),
		"count": len(due),
		"zero": found.zero if visible is None else 0,
		"under_minimum": found.under_minimum if visible is None else 0,
		"rows": [
			{"customer": one.customer, "currency": one.currency, "balance": float(one.balance)}
			for one in shown
		],
	}


def _visible_customers() -> set[str] | None:
	"""Return the customers that the user lists, None for all of them."""
	if not frappe.has_permission("Customer", "read"):
		return set()
	if not conditions_of("Customer"):
		return None
	return set(frappe.get_list("Customer", pluck="name", order_by="name", limit_page_length=0))


def _period(document: "frappe.model.document.Document", as_of: str | None) -> Period:
	today = schedules.today_of(document, now_datetime())
	if not as_of:
		return schedules.last_period(document, today)
	period = schedules.period_on(document, getdate(as_of))
	if not period or period.as_of >= today:
		frappe.throw(_("No period of this schedule has ended on that day."))
	return period


@frappe.whitelist(methods=["POST"])
@arguments(as_of=a_date)
@requires(OneOf(ROLES["start"]), *SCHEDULE)
def start_run(schedule: str, as_of: str | None = None) -> str:
	"""Make the run of a period that has ended (None: the last one) and plan it; return its name."""
	document = frappe.get_doc(STATEMENT_SCHEDULE, schedule)
	run = runs.run_of(document, _period(document, as_of), "User")
	plan_run(run=run.name)
	return run.name


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["start"]), *RUN)
def plan_run(run: str) -> None:
	"""Write the statements of a run. One that is planned already gets those that are missing."""
	document = frappe.get_doc(STATEMENT_RUN, run)
	if document.status == runs.PLANNING:
		frappe.throw(_("This run is already being planned."))
	runs.plan(document)


@frappe.whitelist(methods=["GET"])
@arguments(status=a_name)
@requires(*RUN)
def run_statements(run: str, start: int = 0, limit: int = 100, status: str | None = None) -> dict:
	"""Return a page of a run's statements with what became of each. By the alphabet those that failed come first."""
	filters = {"run": run, **({"status": status} if status else {})}
	rows = frappe.get_list(
		CUSTOMER_STATEMENT,
		filters,
		LISTED,
		order_by="status, customer_name, currency, name",
		limit_start=max(start, 0),
		limit_page_length=min(max(limit, 1), MOST_ROWS),
	)
	return {
		"rows": [plain_row(row) for row in rows],
		"counts": runs.counted(run),
		"may": {action: ROLES.can(action) for action in ROLES},
	}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["decide"]), *RUN)
def approve_run(run: str) -> int:
	"""Approve every statement of a run that waits for it; return how many there were."""
	waiting = {"run": run, "status": ("in", ("Planned", "Waiting"))}
	names = frappe.get_list(CUSTOMER_STATEMENT, waiting, pluck="notice", order_by="name", limit_page_length=0)
	done = len(approve(names))
	runs.count(run)
	return done


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["decide"]), *RUN)
def send_run(run: str) -> int:
	"""Have what was approved of a run sent; return how many statements that is."""
	return runs.send_run(run, now_datetime())


# --- what was stated ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(CUSTOMER_STATEMENT))
def stated_page(name: str) -> dict:
	"""Return a statement as it was told, or as it would be told now where it was not sent yet, as HTML."""
	statement = frappe.get_doc(CUSTOMER_STATEMENT, name)
	was_sent = bool(statement.figures)
	figures = kept.stated(statement) if was_sent else kept.figures_today(statement)
	with spoken(statement.language or None):
		return {"html": printing.render(figures, with_dialog=False), "stated": was_sent}


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(CUSTOMER_STATEMENT))
def stated_difference(name: str) -> dict:
	"""Return how today's ledger differs from what a statement said, by the vouchers entered, cancelled or changed since."""
	return kept.compared(frappe.get_doc(CUSTOMER_STATEMENT, name))


@frappe.whitelist(methods=["GET"])
@arguments(file_format=one_of("pdf", "xlsx"))
@requires(DocumentRight(CUSTOMER_STATEMENT))
def stated_file(name: str, file_format: str = "pdf") -> Response:
	"""Return a statement as it was told, as a file, made anew from the kept figures."""
	statement = frappe.get_doc(CUSTOMER_STATEMENT, name)
	figures, terms = kept.stated(statement), terms_of(statement.schedule) or StatementTerms()
	with spoken(statement.language or None):
		if file_format == "xlsx":
			return printing.workbook(figures)
		return printing.pdf_response(files.pdf(name, figures, terms.print_format), figures)


# --- statements that people send ---


@frappe.whitelist(methods=["GET", "POST"])
@arguments(opening=a_text, as_of=a_date, from_date=a_date, coverage=coverages)
@requires(SEND, AccountRight())
def statement_preview(
	customer: str,
	company: str,
	opening: str | None = None,
	as_of: str | None = None,
	from_date: str | None = None,
	coverage: str = Coverage.OPEN_ITEMS.value,
	currency: str | None = None,
) -> dict:
	"""Return the statement's mail as it would go out: recipients, subject, opening lines, HTML and the attachment's name."""
	return on_demand.preview(customer, _asked(company, as_of, from_date, coverage, currency), opening)


@frappe.whitelist(methods=["POST"])
@arguments(
	recipients=a_text, subject=a_name, opening=a_text, as_of=a_date, from_date=a_date, coverage=coverages
)
@requires(SEND, AccountRight())
def send_statement(
	customer: str,
	company: str,
	recipients: str | None = None,
	subject: str | None = None,
	opening: str | None = None,
	as_of: str | None = None,
	from_date: str | None = None,
	coverage: str = Coverage.OPEN_ITEMS.value,
	currency: str | None = None,
) -> str:
	"""Send a customer its statement; return the addresses it goes to. What is not given is as previewed."""
	asked = _asked(company, as_of, from_date, coverage, currency)
	return on_demand.send_one(customer, asked, recipients, subject, opening)


@frappe.whitelist(methods=["POST"])
@arguments(customers=some_names, opening=a_text, as_of=a_date, from_date=a_date, coverage=coverages)
@requires(SEND, CompanyRight(), ListedCustomers())
def send_statements(
	customers: list[str] | str,
	company: str,
	opening: str | None = None,
	as_of: str | None = None,
	from_date: str | None = None,
	coverage: str = Coverage.OPEN_ITEMS.value,
) -> dict:
	"""Send statements to many customers; return how many are under way and how many have nothing to state."""
	return on_demand.send_many(customers, _asked(company, as_of, from_date, coverage, None), opening)


def _asked(
	company: str, as_of: str | None, from_date: str | None, coverage: str, currency: str | None
) -> AskedStatement:
	since = getdate(from_date) if from_date else None
	return AskedStatement(company, as_date(as_of), since, coverage, currency or None)
