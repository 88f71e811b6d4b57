"""The steps of setting up Client Ledger on a site, each decided from what the site holds now.

Nothing is ticked off by hand: a step is done when what it is for is there.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import frappe
from frappe import _
from frappe.utils import cint, format_date, format_datetime
from frappe.utils.background_jobs import get_workers
from frappe.utils.scheduler import is_scheduler_inactive
from frappe.utils.user import get_users_with_role
from markupsafe import Markup
from redis.exceptions import RedisError

from client_ledger.backups.waiting import last_check
from client_ledger.controls.setup_facts import setup_facts
from client_ledger.core.backups import BackupVerdict
from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.core.marked import marked
from client_ledger.forecasts.setup_facts import setup_facts as forecast_facts
from client_ledger.kpis.setup_facts import setup_facts as kpi_facts
from client_ledger.ledger.database import chunks
from client_ledger.outbox.channels.mail import has_outgoing_account, sending_app
from client_ledger.portal.paying import gateway_app_installed
from client_ledger.procedures.faults import left_alone
from client_ledger.site.access import permitted_companies
from client_ledger.site.contacts import read_customers
from client_ledger.site.doctypes import (
	BACKUP_CHECK,
	BALANCE_CONFIRMATION,
	CASH_FORECAST,
	CLIENT_ACCOUNT,
	CONFIRMATION_ROUND,
	CONTROL_FINDING,
	CREDIT_LIMIT,
	CUSTOMER_STATEMENT,
	DUNNING_POLICY,
	DUNNING_RUN,
	DUTY_CONFLICT,
	DUTY_RULE,
	GROUP_ROBOT,
	KPI_MONTH_END,
	LEDGER_CONTROL,
	LEDGER_SETTINGS,
	PROCEDURE,
	STATEMENT_SCHEDULE,
	WARNING_DIGEST,
	WARNING_SETUP,
)
from client_ledger.site.messages import filled
from client_ledger.site.roles import OWN_ROLES
from client_ledger.site.settings import CheckMode, credit_checks, portal_is_on
from client_ledger.site.visible import may_list
from client_ledger.statements.bank_details import bank_details

# What is listed by name of what is missing.
MOST_NAMES = 5
MOST_LISTED = 100
CHUNK = 1000

Json = dict


@dataclass(frozen=True, slots=True)
class StepAction:
	"""What a button does: opens a route of the desk, with filters of a list; begins a new document, with values; or has the server act.

	method: a function of api.py. needs: (DocType, right) without which it is not offered; a route and a new document say it themselves.
	"""

	label: str
	route: Sequence[str] = ()
	options: Json | None = None
	new: str | None = None
	method: str | None = None
	needs: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SetupStep:
	"""One step. why: what it is for; found: what the site has now; optional: everything else works without it."""

	key: str
	title: str
	why: str
	done: bool
	found: str
	optional: bool = False
	actions: tuple[StepAction, ...] = ()


def all_steps() -> list[Json]:
	"""Return all steps in the order they are best done in, in the user's language."""
	facts = _Facts()
	steps = (
		_companies, _scheduler, _people, _accounts, _email, _contacts, _bank_details, _grades, _limits, _credit_checks,
		_first_run, _sending, _statements, _confirmations, _kpis, _forecasts, _warnings, _portal, _backups, _controls,
		_procedures, _duties,
	)  # fmt: skip
	return [_as_json(step(facts)) for step in steps]


def _as_json(step: SetupStep) -> Json:
	found = asdict(step)
	found["actions"] = [action for action in found["actions"] if _may(action)]
	if step.actions and not found["actions"] and not step.done:
		found["found"] += " " + _("Ask a System Manager.")
	return found


def _may(action: Json) -> bool:
	"""Return whether the user may do what an action leads to."""
	needs = action.pop("needs")
	if action["new"]:
		needs = (action["new"], "create")
	elif action["route"] and action["route"][0] in ("List", "Form"):
		needs = (action["route"][1], "read")
	return needs is None or bool(frappe.has_permission(*needs))


class _Facts:
	"""What several steps ask, read once."""

	@cached_property
	def companies(self) -> list[str]:
		return permitted_companies()

	@cached_property
	def accounts(self) -> int:
		return frappe.db.count(CLIENT_ACCOUNT, {"company": ("in", self.companies)})

	@cached_property
	def owing(self) -> list[str]:
		"""Customers that owe something."""
		return frappe.get_all(
			CLIENT_ACCOUNT,
			{"company": ("in", self.companies), "receivable": (">", 0)},
			pluck="customer",
			distinct=True,
			order_by="customer",
		)

	def number(self, doctype: str, **filters: object) -> int:
		return frappe.db.count(doctype, filters)


def _companies(facts: _Facts) -> SetupStep:
	lacking = [
		name
		for name in facts.companies
		if not frappe.get_cached_value("Company", name, "default_receivable_account")
	]
	found = filled(_("Companies you may see: {0}."), _listed(facts.companies))
	if lacking:
		found += " " + filled(_("Without a default receivable account: {0}."), _listed(lacking))
	return SetupStep(
		"companies",
		_("Companies"),
		_(
			"Invoices are posted to the receivable account of a company. Each company has a ledger of its own."
		),
		not lacking,
		found,
		actions=(StepAction(_("Open Companies"), ("List", "Company")),),
	)


def _scheduler(_facts: _Facts) -> SetupStep:
	inactive, workers = is_scheduler_inactive(verbose=False), _workers()
	if inactive:
		found = _("The scheduler is switched off: nothing is refreshed, graded or sent by itself.")
	elif not workers:
		found = _(
			"The scheduler is switched on, but no background worker answers. Start the workers on the server."
		)
	else:
		found = filled(_("The scheduler is switched on. Background workers: {0}."), workers)
	return SetupStep(
		"scheduler",
		_("Background Jobs"),
		_(
			"Accounts are refreshed after each document, grades every night, and messages are sent in the background."
		),
		bool(workers) and not inactive,
		found,
		actions=(
			StepAction(_("Open System Settings"), ("Form", "System Settings", "System Settings")),
			StepAction(_("Open Workers"), ("List", "RQ Worker")),
		),
	)


def _workers() -> int:
	try:
		return len(get_workers())
	except RedisError:
		return 0


def _people(_facts: _Facts) -> SetupStep:
	numbers = {role: len(get_users_with_role(role)) for role in OWN_ROLES}
	return SetupStep(
		"people",
		_("People"),
		_(
			"A Credit Controller works on holds, calls and disputes. A Credit Manager approves limits, write-offs and messages. Give each of them a role that reads customers as well."
		),
		all(numbers.values()),
		"; ".join(f"{_(role)}: {number}" for role, number in numbers.items()),
		actions=(StepAction(_("Open Users"), ("List", "User"), {"enabled": 1}),),
	)


def _accounts(facts: _Facts) -> SetupStep:
	refreshed = frappe.get_cached_doc(LEDGER_SETTINGS).accounts_refreshed_on
	found = filled(_("Customer accounts: {0}."), facts.accounts)
	if refreshed:
		found += " " + filled(_("Last calculated: {0}."), format_datetime(refreshed))
	if not facts.accounts:
		found += " " + _("Accounts appear with the first invoice, payment or order of a customer.")
	return SetupStep(
		"accounts",
		_("Customer Accounts"),
		_("What each customer owes, how old it is and how it pays, calculated from the ledger."),
		bool(refreshed and facts.accounts),
		found,
		actions=(
			StepAction(_("Calculate Now"), method="calculate_accounts"),
			StepAction(_("Open Client Accounts"), ("List", CLIENT_ACCOUNT)),
		),
	)


def _email(_facts: _Facts) -> SetupStep:
	done = has_outgoing_account()
	found = (
		_("There is a default outgoing email account.")
		if done
		else _("There is no default outgoing email account yet.")
	)
	if app := sending_app():
		found += " " + filled(
			_(
				"The app {0} sends emails in its own way: any failure counts as Delivery Unknown, and a copy that fails is not sent again."
			),
			app,
		)
	return SetupStep(
		"email",
		_("Outgoing Email"),
		_(
			"Reminders and statements are sent from the default outgoing account, unless a policy names another."
		),
		done,
		found,
		actions=(
			StepAction(
				_("Add Email Account"),
				new="Email Account",
				options={"enable_outgoing": 1, "default_outgoing": 1, "enable_incoming": 0},
			)
			if not done
			else StepAction(_("Open Email Accounts"), ("List", "Email Account")),
		),
	)


def _contacts(facts: _Facts) -> SetupStep:
	without = [
		customer.name
		for part in chunks(facts.owing, CHUNK)
		for customer in read_customers(part).values()
		if not customer.addressee.email
	]
	found = filled(_("Customers with a balance: {0}."), len(facts.owing))
	if without:
		found += " " + filled(_("Without an email address: {0} ({1})."), len(without), _listed(without))
	return SetupStep(
		"contacts",
		_("Billing Contacts"),
		_("Messages go to the billing contact of a customer, else to its primary contact."),
		not without,
		found,
		optional=True,
		actions=(
			(
				StepAction(
					_("Open These Customers"),
					("List", "Customer"),
					{"name": ["in", without[:MOST_LISTED]]},
				),
			)
			if without
			else ()
		),
	)


def _bank_details(facts: _Facts) -> SetupStep:
	without = [name for name in facts.companies if not bank_details(name)]
	found = (
		filled(_("No default company bank account with its number: {0}."), _listed(without))
		if without
		else _("Every company has its bank details.")
	)
	return SetupStep(
		"bank-details",
		_("Bank Details"),
		_("Reminders and statements tell the customer where to pay."),
		not without,
		found,
		optional=True,
		actions=(
			StepAction(
				_("Add Bank Account"),
				new="Bank Account",
				options={"is_company_account": 1, "is_default": 1, "company": without[0]},
			)
			if without
			else StepAction(_("Open Bank Accounts"), ("List", "Bank Account"), {"is_company_account": 1}),
		),
	)


def _grades(facts: _Facts) -> SetupStep:
	graded = facts.number(CLIENT_ACCOUNT, company=("in", facts.companies), credit_grade=("is", "set"))
	return SetupStep(
		"grades",
		_("Credit Grades"),
		_(
			"Each customer is graded from how it paid, with a recommended limit. Grades are renewed every night."
		),
		graded > 0,
		filled(_("{0} of {1} customer accounts have been assessed."), graded, facts.accounts),
		actions=(
			StepAction(_("Assess Now"), method="assess_customers"),
			StepAction(_("Open Scorecard"), ("List", "Credit Scorecard")),
		),
	)


def _limits(facts: _Facts) -> SetupStep:
	limited = facts.number(CLIENT_ACCOUNT, company=("in", facts.companies), credit_limit=(">", 0))
	waiting = facts.number(CREDIT_LIMIT, company=("in", facts.companies), docstatus=0)
	found = filled(_("{0} of {1} customer accounts have a credit limit."), limited, facts.accounts)
	if waiting:
		found += " " + filled(_("Limits waiting for approval: {0}."), waiting)
	return SetupStep(
		"limits",
		_("Credit Limits"),
		_("A limit is requested by one person and approved by another. ERPNext's own limits count as well."),
		limited > 0,
		found,
		actions=(
			StepAction(_("Request Limit"), new=CREDIT_LIMIT),
			StepAction(_("Open Credit Exposure"), ("query-report", "Credit Exposure")),
		),
	)


_MODES = {
	CheckMode.OFF: marked("Credit checks are off: no order, delivery or invoice is checked."),
	CheckMode.WARN: marked("Credit checks only warn: the document can still be submitted."),
	CheckMode.HOLD: marked("Credit checks hold documents until they are released."),
}


def _credit_checks(_facts: _Facts) -> SetupStep:
	mode = credit_checks()
	return SetupStep(
		"credit-checks",
		_("Credit Checks"),
		_(
			"Orders, deliveries and invoices are checked against limit, overdue amounts and grade when they are submitted."
		),
		mode == CheckMode.HOLD,
		_(_MODES[mode]),
		optional=mode == CheckMode.WARN,
		actions=(
			StepAction(_("Open Settings"), ("Form", LEDGER_SETTINGS, LEDGER_SETTINGS)),
			StepAction(_("Open Credit Rules"), ("List", "Credit Rule")),
		),
	)


def _first_run(facts: _Facts) -> SetupStep:
	runs = facts.number(DUNNING_RUN, company=("in", facts.companies))
	policies = facts.number(DUNNING_POLICY, mode=("!=", "Off"))
	found = filled(_("Dunning policies in use: {0}. Dunning runs so far: {1}."), policies, runs)
	return SetupStep(
		"first-run",
		_("First Dunning Run"),
		_("The preview shows who would be reminded today, of what, and in which words. Nothing is sent."),
		runs > 0,
		found,
		actions=(
			StepAction(
				_("Preview Dunning"),
				method="preview_dunning",
				needs=(DUNNING_RUN, "create"),
			),
			StepAction(_("Open Dunning Policies"), ("List", DUNNING_POLICY)),
		),
	)


def _sending(facts: _Facts) -> SetupStep:
	live = facts.number(DUNNING_POLICY, mode=("in", ("Approve", "Automatic")))
	found = (
		filled(_("Policies that send: {0}."), live)
		if live
		else _(
			"All policies are in preview. Set the mode of a policy to Approve or Automatic when the preview looks right."
		)
	)
	if cint(frappe.db.get_single_value("Dunning Settings", "paused")):
		found += " " + _("Dunning is paused for the whole site.")
	return SetupStep(
		"sending",
		_("Sending Reminders"),
		_(
			"With Approve each message waits for a person. With Automatic it is sent in the hours of its policy."
		),
		live > 0,
		found,
		optional=True,
		actions=(StepAction(_("Open Dunning Policies"), ("List", DUNNING_POLICY)),),
	)


def _statements(facts: _Facts) -> SetupStep:
	schedules = facts.number(STATEMENT_SCHEDULE, mode=("!=", "Off"), company=("in", facts.companies))
	sent = facts.number(CUSTOMER_STATEMENT, company=("in", facts.companies))
	return SetupStep(
		"statements",
		_("Statements of Account"),
		_(
			"A schedule sends each customer its statement every month, quarter or year. What was stated is kept to the cent."
		),
		schedules > 0,
		filled(_("Statement schedules in use: {0}. Statements so far: {1}."), schedules, sent),
		optional=True,
		actions=(
			StepAction(
				_("New Statement Schedule"), new=STATEMENT_SCHEDULE, needs=(STATEMENT_SCHEDULE, "create")
			),
			StepAction(_("Open Statement Schedules"), ("List", STATEMENT_SCHEDULE)),
		),
	)


def _portal(facts: _Facts) -> SetupStep:
	on = [name for name in facts.companies if portal_is_on(name)]
	found = (
		filled(_("The portal is on: {0}."), _listed(on))
		if on
		else _("The portal is off everywhere: nobody outside sees anything.")
	)
	if on and not gateway_app_installed():
		found += " " + _(
			"Customers pay by bank transfer: the app payments, which has gateways, is not installed."
		)
	return SetupStep(
		"portal",
		_("Customer Portal"),
		_(
			"Customers see their account, take their papers, dispute, promise and announce payments on a page of their own. "
			"Switch it on in the company, and add portal users to customers or give out links on the Ledger tab."
		),
		bool(on),
		found,
		optional=True,
		actions=(StepAction(_("Open Companies"), ("List", "Company")),),
	)


def _kpis(facts: _Facts) -> SetupStep:
	stored = kpi_facts(facts.companies)
	if stored.until:
		found = filled(
			_("Month ends are stored from {0} to {1}."), format_date(stored.since), format_date(stored.until)
		)
	else:
		found = _("No month end is stored yet.")
	if not stored.is_on:
		found += " " + _("Storing is switched off.")
	if stored.missing:
		number = sum(stored.missing.values())
		found += " " + filled(_("Missing: {0} months of {1}."), number, _listed(list(stored.missing)))
	actions = [StepAction(_("Open KPIs"), ("receivables-kpis",), needs=(KPI_MONTH_END, "read"))]
	if stored.missing:
		store = StepAction(
			_("Store Past Months Now"), method="store_month_ends", needs=(KPI_MONTH_END, "read")
		)
		actions.insert(0, store)
	return SetupStep(
		"kpis",
		_("KPIs"),
		_(
			"Every month's KPIs are stored with their rows in the nights after its end, and compared with the ledger afterwards. Two years back "
			"are stored, three months a night."
		),
		bool(stored.is_on and stored.until),
		found,
		optional=True,
		actions=(*actions, StepAction(_("Open Settings"), ("Form", LEDGER_SETTINGS))),
	)


def _forecasts(facts: _Facts) -> SetupStep:
	state = forecast_facts(facts.companies)
	if not state.on:
		found = _("Cash is not forecast in any company.")
	elif state.last:
		found = filled(_("The last forecast was made at the end of {0}."), format_date(state.last))
	else:
		found = _("There is no forecast yet: the first one is made in the coming night.")
	if state.on and state.off:
		found += " " + filled(_("Switched off for: {0}."), _listed(state.off))
	if state.behind:
		found += " " + filled(_("This week's is missing for: {0}."), _listed(state.behind))
	actions = [
		StepAction(_("Open Cash Forecast"), ("cash-by-week",), needs=(CASH_FORECAST, "read")),
		StepAction(_("Open Companies"), ("List", "Company")),
	]
	if state.behind:
		make = StepAction(_("Forecast Now"), method="make_forecasts", needs=(CASH_FORECAST, "read"))
		actions.insert(0, make)
	return SetupStep(
		"forecasts",
		_("Cash Forecast"),
		_(
			"Cash of the next 13 weeks is forecast every Monday, kept, and compared with what came. A company's settings switch it on and off."
		),
		bool(state.on and state.last),
		found,
		optional=True,
		actions=tuple(actions),
	)


def _confirmations(facts: _Facts) -> SetupStep:
	rounds = facts.number(CONFIRMATION_ROUND, company=("in", facts.companies))
	answered = facts.number(BALANCE_CONFIRMATION, company=("in", facts.companies), replied_on=("is", "set"))
	return SetupStep(
		"confirmations",
		_("Balance Confirmations"),
		_(
			"A round asks customers whether their balance is right. They answer on a page of their own, and every reply is kept."
		),
		rounds > 0,
		filled(_("Confirmation rounds: {0}. Confirmations answered: {1}."), rounds, answered),
		optional=True,
		actions=(
			StepAction(
				_("New Confirmation Round"), new=CONFIRMATION_ROUND, needs=(CONFIRMATION_ROUND, "create")
			),
			StepAction(_("Open Confirmation Rounds"), ("List", CONFIRMATION_ROUND)),
		),
	)


def _controls(facts: _Facts) -> SetupStep:
	is_on = setup_facts(facts.companies)
	found = filled(_("Controls switched on: {0} of {1}."), is_on.on, is_on.all)
	if is_on.last_run:
		found += " " + filled(
			_("Last run: {0}. Open findings: {1}."),
			frappe.format(is_on.last_run, "Date"),
			is_on.open_findings,
		)
	else:
		found += " " + _("They have not run yet; they run every night.")
	if is_on.without_reader:
		found += " " + filled(
			_("Nobody has the role that looks at what these find: {0}."), _listed(is_on.without_reader)
		)
	return SetupStep(
		"controls",
		_("Controls"),
		_("Each control is a query that runs every night. What it finds waits for whoever is responsible."),
		bool(is_on.on and is_on.last_run and not is_on.without_reader),
		found,
		optional=True,
		actions=(
			StepAction(_("Run Controls Now"), method="run_controls", needs=(CONTROL_FINDING, "read")),
			StepAction(_("Open Controls"), ("List", LEDGER_CONTROL)),
		),
	)


def _warnings(facts: _Facts) -> SetupStep:
	setups = frappe.get_all(
		WARNING_SETUP,
		{"company": ("in", facts.companies)},
		["company", "enabled", "status"],
		order_by="company",
	)
	on = [row.company for row in setups if row.enabled]
	replayed = [row.company for row in setups if row.status == "Replayed" and not row.enabled]
	found = (
		filled(_("Warnings are raised for: {0}."), _listed(on)) if on else _("No warnings are raised yet.")
	)
	if replayed:
		found += " " + filled(
			_("The past was replayed for: {0}. See what it says, then switch it on."), _listed(replayed)
		)
	digests = facts.number(WARNING_DIGEST, enabled=1)
	found += " " + filled(_("Digests set up: {0}."), digests)
	return SetupStep(
		"warnings",
		_("Early Warnings"),
		_(
			"Every night signals are looked for that a customer is about to turn bad. First the past of your own ledger is replayed: a signal that "
			"does not beat the base rate stays off."
		),
		bool(on),
		found,
		optional=True,
		actions=(
			StepAction(_("New Warning Setup"), new=WARNING_SETUP, needs=(WARNING_SETUP, "create")),
			StepAction(_("Open Warning Setups"), ("List", WARNING_SETUP)),
			StepAction(_("New Warning Digest"), new=WARNING_DIGEST, needs=(WARNING_DIGEST, "create")),
			StepAction(_("Open Group Robots"), ("List", GROUP_ROBOT)),
		),
	)


def _backups(_facts: _Facts) -> SetupStep:
	found = last_check() or {"verdict": "", "unchecked": True, "findings": []}
	if not may_list(BACKUP_CHECK):
		text = _("Ask a System Manager how the backups are.")
	elif not found["verdict"]:
		text = _("The backups have not been checked yet.")
	else:
		text = found["summary"] + " " + filled(_("Checked on {0}."), format_datetime(found["checked_on"]))
		for one in found["findings"]:
			text += Markup(" ") + Markup(one)
	return SetupStep(
		"backups",
		_("Backups"),
		_("Every night the backups are read to the end. People are told when no good one is new enough."),
		found["verdict"] == BackupVerdict.GOOD.value and not found["unchecked"],
		text,
		optional=True,
		actions=(
			StepAction(_("Check Now"), method="check_backups", needs=(BACKUP_CHECK, "read")),
			StepAction(_("Open Backup Checks"), ("List", BACKUP_CHECK)),
			StepAction(_("Open Settings"), ("Form", LEDGER_SETTINGS, LEDGER_SETTINGS)),
		),
	)


def _listed(names: Sequence[str]) -> str:
	"""Return the first of *names*, and how many there are besides."""
	shown = ", ".join(names[:MOST_NAMES])
	rest = len(names) - MOST_NAMES
	return filled(_("{0} and {1} more"), shown, rest) if rest > 0 else shown


def _procedures(facts: _Facts) -> SetupStep:
	in_force, every = facts.number(PROCEDURE, in_force=1), facts.number(PROCEDURE)
	alone = [_(name) for name, _faults in left_alone()]
	found = filled(_("Procedures in force: {0} of {1}."), in_force, every)
	if alone:
		found += " " + filled(_("Nobody is left for a step, or answers for it: {0}"), _listed(alone))
	return SetupStep(
		"procedures",
		_("Procedures"),
		_(
			"How work is done, shown on the forms where it is done and read by who does it. Name who answers for each, and put it in force."
		),
		bool(in_force) and not alone,
		found,
		optional=True,
		actions=(
			StepAction(_("Open Procedures"), ("List", PROCEDURE)),
			StepAction(
				_("Who Has Read Them"), ("query-report", "Procedure Readings"), needs=(PROCEDURE, "write")
			),
		),
	)


def _duties(facts: _Facts) -> SetupStep:
	rules = facts.number(DUTY_RULE, enabled=1)
	open_ones = facts.number(DUTY_CONFLICT, status="Open", user=("!=", ADMINISTRATOR))
	return SetupStep(
		"duties",
		_("Duties Kept Apart"),
		_(
			"Nobody should be able to do both of two duties, such as taking receipts and writing off. Take roles back, or have a conflict accepted for a time."
		),
		bool(rules) and not open_ones,
		filled(_("Active rules: {0}. Open conflicts: {1}."), rules, open_ones),
		optional=True,
		actions=(
			StepAction(
				_("Open Conflicts"),
				("query-report", "Duty Conflicts"),
				{"view": "Who Could Do Both"},
				needs=(DUTY_CONFLICT, "read"),
			),
			StepAction(_("Open Duty Rules"), ("List", DUTY_RULE)),
		),
	)
