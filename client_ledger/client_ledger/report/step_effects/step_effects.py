"""Step Effects: days of payment that steps tried out have gained, with an interval; and the best time and channel per customer.

Effects are those of the last measurement, every night. A proposal says whether it rests on a trial or on the customer's own history.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate

from client_ledger.core.marked import marked
from client_ledger.core.measured_effect.effect import EffectVerdict
from client_ledger.measured_effect import measuring, proposals, rules
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.site.access import check_company
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import STEP_TRIAL
from client_ledger.site.messages import filled

EFFECTS, PROPOSALS = marked("Effects"), marked("Proposals per Customer")


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	check_company(checked.one_company(asked))
	view = checked.a_choice(asked, "view", _("Show"), (EFFECTS, PROPOSALS))
	if view == EFFECTS:
		rows = effects(asked)
		return effect_columns(), rows, _message(rows), None, summary(rows)
	return proposal_columns(), proposed(asked, getdate()), None, None, None


def effects(asked: Mapping[str, Any]) -> list[dict]:
	"""Return the trials of a company that have begun, the newest first, with what each says."""
	filters = {"company": asked["company"], "status": ("!=", TrialStatus.OFF.value)}
	if asked.get("policy"):
		filters["policy"] = asked["policy"]
	trials = frappe.get_list(STEP_TRIAL, filters, ["*"], order_by="since desc, name", limit_page_length=0)
	return [_effect_row(trial) for trial in trials]


def _effect_row(trial: frappe._dict) -> dict:
	found = measuring.stored(trial)
	effect = found[1] if found else None
	verdict = effect.verdict if effect else EffectVerdict.NOT_ENOUGH
	is_known = effect is not None and effect.gained is not None
	return {
		"trial": trial.name,
		"title": trial.title,
		"policy": trial.policy,
		"step": f"{trial.step}. {_(trial.step_name)}",
		"varied": varied_in_words(trial),
		"raw_status": trial.status,
		"status": _(trial.status),
		"since": trial.since,
		"until": trial.until,
		"raw_verdict": verdict.value,
		"verdict": _(verdict.value),
		"gained": effect.gained if is_known else None,
		"low": effect.low if is_known else None,
		"high": effect.high if is_known else None,
		"customers_usual": trial.customers_usual,
		"customers_varied": trial.customers_varied,
		"cases_usual": trial.cases_usual,
		"cases_varied": trial.cases_varied,
		"waiting": trial.waiting,
		"measured_on": trial.measured_on,
		"because": rules.told(effect.because) if effect else _("Not measured yet: it is every night."),
	}


def varied_in_words(trial: Mapping[str, Any]) -> str:
	"""Return what customers of the varied group get otherwise."""
	days, channel = cint(trial["days"]), trial["channel"]
	said = []
	if days:
		said.append(filled(_("{0} days later"), days) if days > 0 else filled(_("{0} days earlier"), -days))
	if channel:
		said.append(filled(_("by {0}"), _(channel)))
	return ", ".join(said)


def _message(rows: Sequence[dict]) -> str | None:
	if not rows:
		return _("No trial has begun. Make a Step Trial and start it; nothing is varied without one.")
	return _(
		"Everybody counts in the group that chance put them in, whether the step was sent or not. An item counts when it is 45 days old, paid or not. The interval holds however often you look."
	)


def summary(rows: Sequence[dict]) -> list[dict]:
	"""Return how many trials say something, and how many do not yet."""
	known = [row for row in rows if row["raw_verdict"] != EffectVerdict.NOT_ENOUGH.value]
	return [
		{"label": _("With a Result"), "value": len(known), "datatype": "Int", "indicator": "Green"},
		{"label": _("Not Enough Yet"), "value": len(rows) - len(known), "datatype": "Int"},
	]


def effect_columns() -> list[dict]:
	"""Return the columns of effects."""
	return [
		columns.link("trial", _("Step Trial"), "Step Trial", 140),
		columns.data("title", _("Title"), 180),
		columns.data("step", _("Step"), 140),
		columns.data("varied", _("Varied"), 120),
		columns.data("status", _("Status"), 90),
		columns.data("verdict", _("Result"), 180),
		_days("gained", _("Days Gained")),
		_days("low", _("At Least")),
		_days("high", _("At Most")),
		columns.number("customers_usual", _("Customers as Ever"), 155),
		columns.number("customers_varied", _("Customers Varied"), 145),
		columns.number("cases_usual", _("Items as Ever"), 125),
		columns.number("cases_varied", _("Items Varied"), 115),
		columns.number("waiting", _("Items Waiting"), 120),
		columns.data("because", _("Result in Words"), 420),
		columns.day("since", _("From Date")),
		columns.day("until", _("To Date")),
		columns.day("measured_on", _("Measured On")),
		columns.link("policy", _("Dunning Policy"), "Dunning Policy", 130),
	]


def _days(name: str, label: str) -> dict:
	return {"fieldname": name, "label": label, "fieldtype": "Float", "precision": 1, "width": 120}


def proposed(asked: Mapping[str, Any], today: date) -> list[dict]:
	"""Return what is proposed to the customers that the user may see."""
	wanted = [
		one
		for one in proposals.proposals(asked["company"], today)
		if asked.get("customer") in (None, "", one.customer)
	]
	names = _visible_names({one.customer for one in wanted})
	return [
		{
			"customer": one.customer,
			"customer_name": names[one.customer],
			"about": _(one.about),
			"proposal": _proposal_in_words(one),
			"evidence": _(one.found.evidence.value),
			"because": rules.told(one.found.because),
		}
		for one in wanted
		if one.customer in names
	]


def _proposal_in_words(one: proposals.Proposal) -> str:
	found = one.found
	if found.days and one.about == proposals.TIME:
		days = found.days
		return filled(_("{0} days later"), days) if days > 0 else filled(_("{0} days earlier"), -days)
	return _(found.way)


def _visible_names(customers: set[str]) -> dict[str, str]:
	if not customers:
		return {}
	rows = frappe.get_list(
		"Customer",
		{"name": ("in", sorted(customers))},
		["name", "customer_name"],
		order_by="name",
		limit_page_length=0,
	)
	return {row.name: row.customer_name for row in rows}


def proposal_columns() -> list[dict]:
	"""Return the columns of proposals."""
	return [
		columns.link("customer", _("Customer"), "Customer", 180),
		columns.data("customer_name", _("Customer Name"), 180),
		columns.data("about", _("About"), 90),
		columns.data("proposal", _("Proposal"), 140),
		columns.data("evidence", _("Rests On"), 200),
		columns.data("because", _("Because"), 480),
	]
