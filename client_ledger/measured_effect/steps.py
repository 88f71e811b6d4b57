"""The steps of policies that trials are about: which have legal effect, and trials as the core knows them."""

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, getdate

from client_ledger.core.measured_effect.assignment import TrialTerms
from client_ledger.core.money import as_money
from client_ledger.core.outbox.message import Channel

LEGAL_STAGE = "Legal"
# Channels whose message is a text of the step.
WRITTEN = (Channel.EMAIL.value, Channel.SMS.value, Channel.LETTER.value)


def is_legal(row: Document) -> bool:
	"""Return whether a step has legal effect by what it does: it charges or formally reminds, refers, holds documents, or leads to legal action."""
	return bool(
		cint(row.formal)
		or cint(row.hold)
		or row.channel == Channel.HAND_OVER.value
		or row.stage == LEGAL_STAGE
	)


def row_of(trial: Any, policy: Document) -> Document | None:
	"""Return the step a trial is about, wherever it stands in its policy by now; None where it is gone."""
	if not trial.step_row:
		return next((row for row in policy.steps if cint(row.idx) == cint(trial.step)), None)
	return next((row for row in policy.steps if row.name == trial.step_row), None)


def is_as_begun(trial: Any, row: Document | None) -> bool:
	"""Return whether a step is still what it was when its trial began."""
	return bool(
		row
		and not is_legal(row)
		and cint(row.days) == cint(trial.usual_days)
		and row.channel == trial.usual_channel
	)


def label_of(row: Document) -> str:
	"""Return a step as people know it."""
	return f"{row.parent}, {row.idx}. {row.step_name}"


def core_trial(trial: Any, row: Document) -> TrialTerms:
	"""Return a trial, stored or about to be, as the core knows it. row: its step."""
	return TrialTerms(
		trial.name or "",
		label_of(row),
		as_money(trial.share) / 100,
		getdate(trial.since),
		getdate(trial.until) if trial.until else None,
		cint(trial.days),
		trial.channel or "",
		row.channel,
		is_legal(row),
	)


def policy_of(trial: Any) -> Document:
	"""Return the policy a trial is about."""
	return frappe.get_cached_doc("Dunning Policy", trial.policy)
