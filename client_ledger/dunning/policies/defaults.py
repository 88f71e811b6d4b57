"""Making the policies and letters that come with the app: once, in preview, so that installing sends nothing."""

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.dunning.policies.default_policies import (
	LANGUAGES,
	NAMES,
	POLICIES,
	read_letter,
	template_name,
	template_names,
)
from client_ledger.site.doctypes import DUNNING_POLICY, DUNNING_SETTINGS
from client_ledger.site.language import in_site_language, site_language
from client_ledger.site.settings import store_defaults

OPENS, CLOSES = "08:00:00", "18:00:00"


def make_defaults() -> None:
	"""Make policies and letters on a site that never had them; where they were deleted they stay deleted."""
	store_defaults(DUNNING_SETTINGS)
	if cint(frappe.db.get_single_value(DUNNING_SETTINGS, "shipped")):
		return
	for name in NAMES:
		for language in LANGUAGES:
			make_letter(name, language)
	for title in POLICIES:
		if not frappe.db.exists(DUNNING_POLICY, in_site_language(title)):
			make_policy(title)
	frappe.db.set_single_value(DUNNING_SETTINGS, "shipped", 1, update_modified=False)


def make_letter(letter: str, language: str) -> None:
	"""Make the Email Template of a letter, unless it is there."""
	name = template_name(letter, language)
	if frappe.db.exists("Email Template", name):
		return
	subject, text = read_letter(letter, language)
	template = frappe.new_doc("Email Template")
	template.update({"subject": subject, "use_html": 1, "response_html": text})
	template.flags.ignore_permissions = True
	template.insert(set_name=name)


def make_policy(title: str) -> None:
	"""Make a policy, in preview; Standard is the default policy."""
	description, fields, steps = POLICIES[title]
	policy = frappe.new_doc(DUNNING_POLICY)
	policy.update(
		{
			"title": in_site_language(title),
			"description": in_site_language(description),
			"mode": "Preview",
			"opens": OPENS,
			"closes": CLOSES,
			**fields,
		}
	)
	policy.is_default = int(title == "Standard")
	if policy.thank_you:
		policy.thank_you_template = template_name(
			"thanks", "zh" if site_language().startswith("zh") else "en"
		)
		for language in LANGUAGES:
			add_text(policy, 0, "thanks", language)
	for number, (letter, days, wait, more) in enumerate(steps, 1):
		step = {"channel": "Email", "days": days, "wait_days": wait, **more}
		step["step_name"] = in_site_language(step["step_name"])
		policy.append("steps", step)
		for language in LANGUAGES if letter else ():
			add_text(policy, number, letter, language)
	policy.flags.ignore_permissions = True
	policy.insert()


def add_text(policy: Document, step: int, letter: str, language: str) -> None:
	"""Give a step its letter in a language, where the site has it."""
	if frappe.db.exists("Language", language):
		policy.append(
			"texts",
			{"step": step, "language": language, "email_template": template_name(letter, language)},
		)


def delete_defaults() -> None:
	"""Delete the letters; policies are deleted with their DocType."""
	for name in template_names():
		frappe.delete_doc(
			"Email Template",
			name,
			force=True,
			ignore_missing=True,
			ignore_permissions=True,
			delete_permanently=True,
		)
