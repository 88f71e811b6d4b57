"""Whether a policy may be saved. Every error names the row."""

from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, split_emails, validate_email_address

from client_ledger.core.dunning.policy import check_steps
from client_ledger.dunning.letters.render import check_template
from client_ledger.dunning.policies.read import scope_value, step_of
from client_ledger.outbox.hours import as_time
from client_ledger.site.doctypes import DUNNING_POLICY
from client_ledger.site.messages import bold, filled
from client_ledger.site.settings import CheckMode, credit_checks

# Fields of a policy and its steps that do not change what is sent, to whom and when.
IMMATERIAL = ("title", "mode", "description", "version")
# A policy's texts may be of a step, or of the thanks.
THANKS_STEP = 0


def validate_policy(policy: Document) -> None:
	"""Raise frappe.ValidationError for a policy that cannot be followed, with the row at fault."""
	_check_steps(policy)
	_check_recipients(policy)
	_check_texts(policy)
	_check_scopes(policy)
	_check_default(policy)
	_check_bounds(policy)


def warn_without_effect(policy: Document) -> None:
	"""Show a warning about what of a policy has no effect with the settings of the site."""
	holding = [str(row.idx) for row in policy.steps if cint(row.hold)]
	if holding and credit_checks() != CheckMode.HOLD:
		frappe.msgprint(
			filled(
				_("Row {0} has no effect: {1} in {2} is not set to {3}."),
				", ".join(holding),
				_("Credit Checks"),
				_("Client Ledger Settings"),
				_("Hold"),
			),
			indicator="orange",
		)


def substance(policy: Document) -> dict[str, Any]:
	"""Return everything of a policy that matters to what is sent."""
	own = {
		field.fieldname: _plain(policy.get(field.fieldname))
		for field in policy.meta.fields
		if field.fieldname not in IMMATERIAL
		and field.fieldtype not in ("Table", "Section Break", "Column Break")
	}
	rows = {
		table: [{name: _plain(row.get(name)) for name in _fields_of(row)} for row in policy.get(table)]
		for table in ("scopes", "steps", "texts")
	}
	return {**own, **rows}


def _fields_of(row: Document) -> list[str]:
	return [
		field.fieldname
		for field in row.meta.fields
		if field.fieldtype not in ("Section Break", "Column Break")
	]


def _plain(value: Any) -> str:
	# The same value is a number on the form, and text or a Decimal from the database.
	if value in (None, "", 0, "0", False):
		return ""
	try:
		return f"{float(value):.6f}"
	except (TypeError, ValueError):
		return str(value).rpartition(" days, ")[2].zfill(8)


def throw_row(row: int, text: str) -> None:
	"""Throw with the number of the row that is at fault."""
	frappe.throw(filled(_("Row {0}: {1}"), row, text), title=_("Dunning Policy"))


def _check_steps(policy: Document) -> None:
	texts = {
		"none": _("A policy needs at least one step."),
		"order": _("{0} must be greater than in the previous row.").format(_("Days from Due Date")),
		"wait": _(
			"{0} must be at least 1, so that the customer does not receive two notices at once."
		).format(_("Wait (Days)")),
		"negative": _("{0} and {1} cannot be negative.").format(_("Wait (Days)"), _("Minimum Amount")),
		"hand_over": _("The first step cannot be a referral."),
		"formal": _("A reminder before the due date cannot create a Dunning."),
	}
	for row in policy.steps:
		if not row.channel:
			throw_row(row.idx, _("Select a channel."))
	for fault in check_steps([step_of(row) for row in policy.steps]):
		throw_row(fault.row, texts[fault.code])
	for row in policy.steps:
		if cint(row.formal) and row.dunning_type and policy.for_company:
			company = frappe.db.get_value("Dunning Type", row.dunning_type, "company")
			if company != policy.for_company:
				throw_row(row.idx, filled(_("{0} is a Dunning Type of {1}."), row.dunning_type, company))
		if row.channel == "Referral" and not row.escalate_to:
			throw_row(row.idx, _("Select the role that handles the referral."))
		if cint(row.hold) and cint(row.days) < 0:
			throw_row(row.idx, _("A reminder before the due date cannot hold documents."))


def _check_recipients(policy: Document) -> None:
	for row in policy.steps:
		for address in split_emails(row.cc or ""):
			if not validate_email_address(address):
				throw_row(
					row.idx,
					filled(_("{0} is not a valid email address."), bold(address)),
				)
	if policy.reply_to and not validate_email_address(policy.reply_to):
		frappe.throw(filled(_("{0} is not a valid email address."), bold(policy.reply_to)))


def _check_texts(policy: Document) -> None:
	seen: set[tuple[int, str]] = set()
	for row in policy.texts:
		if row.language and not frappe.db.exists("Language", row.language):
			throw_row(row.idx, filled(_("{0} is not a language of this site."), bold(row.language)))
		if not THANKS_STEP <= cint(row.step) <= len(policy.steps):
			throw_row(row.idx, filled(_("Step {0} does not exist."), row.step))
		if (cint(row.step), row.language) in seen:
			throw_row(row.idx, filled(_("Step {0} already has a template in {1}."), row.step, row.language))
		seen.add((cint(row.step), row.language))
		_check_template(row.idx, row.email_template)
	written = {step for step, _language in seen}
	for row in policy.steps:
		if row.email_template:
			_check_template(row.idx, row.email_template)
		elif row.idx not in written and row.channel in ("Email", "SMS", "Letter"):
			throw_row(row.idx, _("This step has no email template."))
	if cint(policy.thank_you):
		if not policy.thank_you_template:
			frappe.throw(_("Select an acknowledgement template."))
		_check_template(THANKS_STEP, policy.thank_you_template)


def _check_template(row: int, name: str | None) -> None:
	if not name or not frappe.db.exists("Email Template", name):
		throw_row(row, filled(_("Email Template {0} does not exist."), bold(name or "")))
	if fault := check_template(name):
		throw_row(
			row,
			filled(_("Template {0} cannot be rendered: {1}"), bold(name), fault),
		)


def _check_scopes(policy: Document) -> None:
	seen: set[tuple] = set()
	for row in policy.scopes:
		value = scope_value(row, policy.for_company)
		if not value:
			throw_row(row.idx, filled(_("{0} is required."), _(row.applies_to)))
		if (row.applies_to, value) in seen:
			throw_row(row.idx, filled(_("{0} {1} is listed more than once."), _(row.applies_to), value))
		seen.add((row.applies_to, value))
		if other := _other_policy_for(policy, row, value):
			throw_row(row.idx, filled(_("{0} {1} already has policy {2}."), _(row.applies_to), value, other))


def _other_policy_for(policy: Document, row: Document, value: str) -> str | None:
	scope, parent = frappe.qb.DocType("Dunning Policy Scope"), frappe.qb.DocType(DUNNING_POLICY)
	fields = {
		"Customer": scope.customer,
		"Credit Grade": scope.grade,
		"Segment": scope.segment,
		"Customer Group": scope.customer_group,
		"Company": parent.for_company,
	}
	query = (
		frappe.qb.from_(scope)
		.join(parent)
		.on(parent.name == scope.parent)
		.select(parent.name)
		.where((scope.applies_to == row.applies_to) & (fields[row.applies_to] == value))
		.where((parent.name != (policy.name or "")) & (parent.mode != "Off"))
	)
	if policy.mode == "Off":
		return None
	query = _same_company(query, parent, policy.for_company)
	found = query.limit(1).run()
	return found[0][0] if found else None


def _same_company(query: Any, parent: Any, company: str | None) -> Any:
	if company:
		return query.where(parent.for_company == company)
	return query.where(parent.for_company.isnull() | (parent.for_company == ""))


def _check_default(policy: Document) -> None:
	if not cint(policy.is_default) or policy.mode == "Off":
		return
	parent = frappe.qb.DocType(DUNNING_POLICY)
	query = (
		frappe.qb.from_(parent)
		.select(parent.name)
		.where((parent.is_default == 1) & (parent.name != (policy.name or "")) & (parent.mode != "Off"))
	)
	found = _same_company(query, parent, policy.for_company).limit(1).run()
	if found:
		whose = policy.for_company or _("all companies")
		frappe.throw(filled(_("{0} is already the default policy of {1}."), found[0][0], whose))


def _check_bounds(policy: Document) -> None:
	if cint(policy.gap) < 1:
		frappe.throw(filled(_("{0} must be at least 1."), _("Minimum Days Between Notices")))
	if cint(policy.budget_contacts) and cint(policy.budget_days) < 1:
		frappe.throw(filled(_("{0} must be at least 1."), _("Contact Limit Period (Days)")))
	opens, closes = as_time(policy.opens), as_time(policy.closes)
	if closes.hour + closes.minute + closes.second and opens >= closes:
		frappe.throw(filled(_("{0} must be before {1}."), _("From"), _("Until")))
	if policy.time_zone:
		try:
			ZoneInfo(str(policy.time_zone))
		except (ValueError, OSError, KeyError):
			frappe.throw(filled(_("{0} is not a valid time zone."), bold(str(policy.time_zone))))
