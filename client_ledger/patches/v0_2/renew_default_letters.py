"""Renew default letters that are still as a version shipped them: they list payments and credits and ask for the net amount.

A letter that was changed in subject or text stays as it is; what it calls `total` is the net amount by now.
"""

from hashlib import sha256

import frappe

from client_ledger.dunning.policies.default_policies import LANGUAGES, NAMES, read_letter, template_name

# Digests of subject and text as they were shipped before, spaces and line ends evened out.
SHIPPED = frozenset(
	{
		"235283aacc856465", "286054c9394d63b2", "3325c65424dff207", "72320193600cd404", "0db78ddd36eb3072",
		"a7fbf2abc35e2b1f", "6b749af9cab042b0", "ecf8cbcd853a351f", "386a21e17d9b5e83", "e735d8dab483eb3f",
		"1a1e5ea6e89de383", "c3c4f1e5c0b75f22", "4ddcfbfa8ff29bba", "e3f3eff24068e959", "1324977778010b1b",
		"9307403378e50d66", "1c09ecfc2f1ff9d9", "2d9f0f2e5928f98d", "42397ca387458ddf", "4d6551ff509909c5",
	}
)  # fmt: skip


def execute() -> None:
	"""Write today's text into each default letter that nobody has changed."""
	for letter in NAMES:
		for language in LANGUAGES:
			_renew(letter, language)


def digest(subject: str, text: str) -> str:
	"""Return what tells one version of a letter from another."""
	return sha256(" ".join(f"{subject}\n{text}".split()).encode()).hexdigest()[:16]


def _renew(letter: str, language: str) -> None:
	name = template_name(letter, language)
	stored = frappe.db.get_value(
		"Email Template", name, ["subject", "response", "response_html", "use_html"], as_dict=True
	)
	if not stored:
		return
	text = (stored.response_html if stored.use_html else stored.response) or ""
	subject, fresh = read_letter(letter, language)
	if digest(stored.subject or "", text) not in SHIPPED:
		return
	frappe.db.set_value(
		"Email Template",
		name,
		{"subject": subject, "use_html": 1, "response_html": fresh},
		update_modified=False,
	)
	frappe.clear_document_cache("Email Template", name)
