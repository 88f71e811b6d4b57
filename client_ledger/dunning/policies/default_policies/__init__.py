"""The policies that come with the app: gentle, standard and strict, with letters in English and Chinese.

Data only, free of Frappe; client_ledger.dunning.policies.defaults makes documents of it.
"""

from pathlib import Path
from typing import Any

from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.marked import marked
from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Budget

LETTERS = Path(__file__).with_name("letters")
LANGUAGES = ("en", "zh")
PREFIX = "Client Ledger"


NAMES = {
	"courtesy": "Before the Due Date",
	"reminder": "Reminder",
	"second": "Second Reminder",
	"formal": "Notice of Default",
	"final": "Final Notice",
	"thanks": "Payment Acknowledgement",
	"sms": "Text Message",
}

# (letter, days from the due date, minimum days since the previous step, further fields)
POLICIES: dict[str, tuple[str, dict[str, Any], tuple[tuple[str | None, int, int, dict[str, Any]], ...]]] = {
	marked("Gentle"): (
		"For customers who usually pay: two friendly letters, then a call.",
		{"gap": 5, "budget_contacts": 2, "budget_days": 14, "thank_you": 1},
		(
			("courtesy", -3, 0, {"step_name": marked("Before the Due Date")}),
			("reminder", 7, 3, {"step_name": marked("Reminder")}),
			("second", 21, 10, {"step_name": marked("Second Reminder"), "cc_account_manager": 1}),
			(None, 35, 10, {"step_name": marked("Call"), "channel": "Call", "stage": "Reminder"}),
		),
	),
	marked("Standard"): (
		marked(
			"Two reminders, a notice of default with the fee and interest of the Dunning Type, then a final notice."
		),
		{"gap": 3, "budget_contacts": 3, "budget_days": 14},
		(
			("reminder", 3, 0, {"step_name": marked("Reminder")}),
			(
				"second",
				14,
				7,
				{"step_name": marked("Second Reminder"), "cc_account_manager": 1, "stage": "Reminder"},
			),
			(
				"formal",
				30,
				10,
				{
					"step_name": marked("Notice of Default"),
					"formal": 1,
					"attach_statement": 1,
					"cc_account_manager": 1,
					"follow_up": 1,
					"stage": "Dunning",
				},
			),
			(
				"final",
				45,
				10,
				{
					"step_name": marked("Final Notice"),
					"formal": 1,
					"attach_statement": 1,
					"stage": "Escalated",
				},
			),
		),
	),
	marked("Strict"): (
		marked(
			"For unreliable customers: early and frequent notices, then referral to a lawyer or collection agency."
		),
		{"gap": 2, "budget_contacts": 4, "budget_days": 14},
		(
			("reminder", 1, 0, {"step_name": marked("Reminder"), "attach_invoices": 1}),
			(
				"second",
				8,
				5,
				{"step_name": marked("Second Reminder"), "cc_account_manager": 1, "stage": "Reminder"},
			),
			(
				"formal",
				15,
				5,
				{
					"step_name": marked("Notice of Default"),
					"formal": 1,
					"attach_statement": 1,
					"follow_up": 1,
					"stage": "Dunning",
				},
			),
			(
				"final",
				25,
				7,
				{
					"step_name": marked("Final Notice"),
					"formal": 1,
					"attach_statement": 1,
					"stage": "Escalated",
				},
			),
			(
				None,
				40,
				10,
				{
					"step_name": marked("Referral"),
					"channel": "Referral",
					"escalate_to": "Credit Manager",
					"stage": "Legal",
				},
			),
		),
	),
}


def template_name(letter: str, language: str) -> str:
	"""Return the name of the Email Template of a shipped letter."""
	return f"{PREFIX}: {NAMES[letter]} ({language})"


def template_names() -> list[str]:
	"""Return the names of all shipped letters."""
	return [template_name(letter, language) for letter in NAMES for language in LANGUAGES]


def read_letter(letter: str, language: str) -> tuple[str, str]:
	"""Return subject and text of a shipped letter."""
	subject, _newline, text = (
		(LETTERS / f"{letter}.{language}.html").read_text(encoding="utf-8").partition("\n")
	)
	return subject, text


def rules(title: str) -> Policy:
	"""Return a shipped policy as the core takes it."""
	_description, fields, steps = POLICIES[title]
	return Policy(
		title,
		1,
		tuple(
			Step(
				number,
				days,
				wait,
				channel=Channel(more.get("channel", "Email")),
				name=more["step_name"],
				formal=bool(more.get("formal")),
			)
			for number, (_letter, days, wait, more) in enumerate(steps, 1)
		),
		gap=fields["gap"],
		budget=Budget(fields["budget_contacts"], fields["budget_days"]),
	)


def letter_of_step(title: str, number: int) -> str | None:
	"""Return the letter of a step of a shipped policy, None for one without."""
	return POLICIES[title][2][number - 1][0]
