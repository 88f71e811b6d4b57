"""What the app ships: three policies, gentle, standard and strict, with letters in English and Chinese.

They are made once, in preview, so that installing sends nothing; what becomes of them afterwards is the site's.
"""

from pathlib import Path

import frappe
from frappe.utils import cint

from client_ledger.dunning.states import POLICY, SETTINGS

LETTERS = Path(__file__).with_name("letters")
LANGUAGES = ("en", "zh")
PREFIX = "Client Ledger"
NAMES = {
	"courtesy": "Before the Due Date",
	"reminder": "Reminder",
	"second": "Second Reminder",
	"formal": "Notice of Default",
	"final": "Final Notice",
	"thanks": "Thanks",
	"sms": "Text Message",
}

# (letter, days from the due date, fewest days since the step before, further fields)
POLICIES: dict[str, tuple[str, dict, tuple[tuple[str | None, int, int, dict], ...]]] = {
	"Gentle": (
		"For customers who usually pay: two friendly letters, then a call.",
		{"gap": 5, "budget_contacts": 2, "budget_days": 14, "thank_you": 1},
		(
			("courtesy", -3, 0, {"step_name": "Before the Due Date"}),
			("reminder", 7, 3, {"step_name": "Reminder"}),
			("second", 21, 10, {"step_name": "Second Reminder", "cc_account_manager": 1}),
			(None, 35, 10, {"step_name": "Call", "channel": "Call", "stage": "Reminder"}),
		),
	),
	"Standard": (
		"Two reminders, a notice of default with the fee and interest of the Dunning Type, a final notice.",
		{"gap": 3, "budget_contacts": 3, "budget_days": 14},
		(
			("reminder", 3, 0, {"step_name": "Reminder"}),
			("second", 14, 7, {"step_name": "Second Reminder", "cc_account_manager": 1, "stage": "Reminder"}),
			(
				"formal",
				30,
				10,
				{
					"step_name": "Notice of Default",
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
				{"step_name": "Final Notice", "formal": 1, "attach_statement": 1, "stage": "Escalated"},
			),
		),
	),
	"Strict": (
		"For customers who have let us down: at once, closer together, and handed over in the end.",
		{"gap": 2, "budget_contacts": 4, "budget_days": 14},
		(
			("reminder", 1, 0, {"step_name": "Reminder", "attach_invoices": 1}),
			("second", 8, 5, {"step_name": "Second Reminder", "cc_account_manager": 1, "stage": "Reminder"}),
			(
				"formal",
				15,
				5,
				{
					"step_name": "Notice of Default",
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
				{"step_name": "Final Notice", "formal": 1, "attach_statement": 1, "stage": "Escalated"},
			),
			(
				None,
				40,
				10,
				{
					"step_name": "Hand-over",
					"channel": "Hand-over",
					"escalate_to": "Credit Manager",
					"stage": "Legal",
				},
			),
		),
	),
}


def ship() -> None:
	"""Make policies and letters on a site that never had them; a site that deleted them keeps it that way."""
	store_defaults()
	if cint(frappe.db.get_single_value(SETTINGS, "shipped")):
		return
	for name in NAMES:
		for language in LANGUAGES:
			make_letter(name, language)
	for title in POLICIES:
		if not frappe.db.exists(POLICY, title):
			make_policy(title)
	frappe.db.set_single_value(SETTINGS, "shipped", 1, update_modified=False)


def store_defaults() -> None:
	"""Store the defaults of the settings, which Frappe forgets as soon as one value is stored."""
	settings = frappe.get_single(SETTINGS)
	stored = frappe.db.get_singles_dict(SETTINGS)
	missing = [f for f in settings.meta.fields if f.default is not None and f.fieldname not in stored]
	for field in missing:
		frappe.db.set_single_value(SETTINGS, field.fieldname, field.default, update_modified=False)


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


def make_letter(letter: str, language: str) -> None:
	"""Make the Email Template of a shipped letter, unless it is there."""
	name = template_name(letter, language)
	if frappe.db.exists("Email Template", name):
		return
	subject, text = read_letter(letter, language)
	template = frappe.new_doc("Email Template")
	template.update({"subject": subject, "use_html": 1, "response_html": text})
	template.flags.ignore_permissions = True
	template.insert(set_name=name)


def make_policy(title: str) -> None:
	"""Make a shipped policy, in preview; Standard is for all customers nothing else is for."""
	description, fields, steps = POLICIES[title]
	policy = frappe.new_doc(POLICY)
	policy.update({"title": title, "description": description, "mode": "Preview", **fields})
	policy.is_default = int(title == "Standard")
	if policy.thank_you:
		policy.thank_you_template = template_name("thanks", "en")
		for language in LANGUAGES:
			add_text(policy, 0, "thanks", language)
	for number, (letter, days, wait, more) in enumerate(steps, 1):
		policy.append("steps", {"channel": "E-mail", "days": days, "wait_days": wait, **more})
		for language in LANGUAGES if letter else ():
			add_text(policy, number, letter, language)
	policy.flags.ignore_permissions = True
	policy.insert()


def add_text(policy: "frappe.model.document.Document", step: int, letter: str, language: str) -> None:
	"""Give a step its letter in a language, where the site has it."""
	if frappe.db.exists("Language", language):
		policy.append(
			"texts",
			{"step": step, "language": language, "email_template": template_name(letter, language)},
		)


def unship() -> None:
	"""Delete the shipped letters; policies go with their DocType."""
	for name in template_names():
		frappe.delete_doc(
			"Email Template",
			name,
			force=True,
			ignore_missing=True,
			ignore_permissions=True,
			delete_permanently=True,
		)
