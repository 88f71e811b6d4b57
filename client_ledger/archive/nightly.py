"""Every night: chain what was left over, note and mail the heads, check every archive, and tell of what is new among what was found."""

import json
from functools import partial

import frappe
from frappe import _
from frappe.utils import now_datetime
from frappe.utils.user import get_users_with_role

from client_ledger.archive import chain
from client_ledger.archive.entries import companies
from client_ledger.archive.heads import send_heads
from client_ledger.archive.invoices import catch_up_pdfs
from client_ledger.archive.report import in_words, numbers
from client_ledger.archive.verify import ArchiveCheck, check
from client_ledger.core.archive.verify import ArchiveFinding
from client_ledger.site.doctypes import ARCHIVE_CHAIN
from client_ledger.site.jobs import safely
from client_ledger.site.notify import notify

FINDINGS, INTACT = "Findings", "Intact"
READERS = ("Auditor", "System Manager")


def nightly() -> None:
	"""Do what an archive needs every night. Commits. What fails is logged and stops nothing else."""
	steps = (catch_up_pdfs, chain.chain_pending, send_heads, check_all)
	for step in steps:
		safely(f"Archive, nightly: {step.__name__} failed", step)
		frappe.db.commit()  # nosemgrep: one step does not undo another


def check_all() -> None:
	"""Check every archive. Commits."""
	for company in companies():
		safely(f"Archive of {company}: not checked"[:140], partial(check_and_note, company))


def check_and_note(company: str) -> ArchiveCheck:
	"""Check the archive of a company, note what was found, and tell of what was not found before. Commits."""
	checked = check(company)
	head = chain.lock_head(company)
	known = _known(frappe.db.get_value(ARCHIVE_CHAIN, head.name, "findings"))
	found = {_key(finding): in_words(finding) for finding in checked.findings}
	frappe.db.set_value(
		ARCHIVE_CHAIN,
		head.name,
		{
			"status": FINDINGS if checked.count else INTACT,
			"verified_on": now_datetime(),
			"findings_count": checked.count,
			"findings": json.dumps(list(found), ensure_ascii=False),
		},
	)
	new = [words for key, words in found.items() if key not in known]
	if new:
		frappe.log_error(
			title=f"Archive of {company}: {checked.count} findings"[:140],
			message="\n".join(new),
			reference_doctype=ARCHIVE_CHAIN,
			reference_name=head.name,
		)
		users = {user for role in READERS for user in get_users_with_role(role)}
		notify(
			[
				user
				for user in sorted(users)
				if frappe.has_permission(ARCHIVE_CHAIN, "read", doc=head.name, user=user)
			],
			ARCHIVE_CHAIN,
			head.name,
			lambda: _("The check of an archive has found what was changed or is missing, see {0}."),
		)
	frappe.db.commit()  # nosemgrep: what was found is noted
	return checked


def _key(finding: ArchiveFinding) -> str:
	return f"{numbers(finding)} {finding.kind.value} {finding.name} {finding.detail}".strip()


def _known(text: str | None) -> set[str]:
	try:
		return set(json.loads(text or "[]"))
	except (TypeError, ValueError):
		return set()
