"""What the desk asks of the archive: check, export, files of an entry, legal hold, purge."""

from pathlib import Path

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import getdate, now_datetime
from frappe.utils.response import send_private_file
from werkzeug.wrappers import Response

from client_ledger.archive import chain, files, nightly, retention
from client_ledger.archive.entries import files_of
from client_ledger.archive.export import ExportPart, export, readable_of_user
from client_ledger.archive.report import in_words
from client_ledger.site.access import check_company
from client_ledger.site.arguments import a_date, a_text, arguments
from client_ledger.site.doctypes import ARCHIVE_CHAIN, LEDGER_ARCHIVE
from client_ledger.site.messages import filled
from client_ledger.site.requirements import CompanyRight, DocumentRight, Listed, OneOf, Right, requires

CHECKERS = ("Accounts Manager", "Auditor", "System Manager")
KEEPERS = ("Accounts Manager", "System Manager")
# Beyond this many entries the desk does not wait for a check.
CHECKED_AT_ONCE = 5_000
EXPORTS = ("private", "files", "ledger_archive_exports")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(CHECKERS), Right(ARCHIVE_CHAIN), CompanyRight())
def verify_archive(company: str) -> dict:
	"""Check the archive of a company; return {entries, pending, purged, findings (texts), count}, or {queued} for a large one."""
	check_company(company)
	if frappe.db.count(LEDGER_ARCHIVE, {"company": company}) > CHECKED_AT_ONCE:
		frappe.enqueue(
			"client_ledger.archive.nightly.check_and_note",
			queue="long",
			timeout=3600,
			company=company,
			job_id=f"client_ledger_archive_check_{company}",
			deduplicate=True,
		)
		return {"queued": True}
	chain.chain_company(company)
	checked = nightly.check_and_note(company)
	return {
		"entries": checked.entries,
		"pending": checked.pending,
		"purged": checked.purged,
		"count": checked.count,
		"findings": [in_words(finding) for finding in checked.findings],
	}


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(LEDGER_ARCHIVE))
def archive_file(name: str, digest: str) -> Response:
	"""Return a file of an entry."""
	found = next((one for one in files_of([name]).get(name, ()) if one.sha256 == digest), None)
	if not found or not files.path_of(digest).exists():
		frappe.throw(_("This file is not in the archive."), frappe.DoesNotExistError)
	response = send_private_file("/".join((*files.FOLDER[1:], digest[:2], digest)))
	response.headers["Content-Type"] = "application/octet-stream"
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers.set("Content-Disposition", "attachment", filename=_ascii(found.name))
	return response


@frappe.whitelist(methods=["POST"])
@arguments(from_date=a_date, to_date=a_date)
@requires(OneOf(CHECKERS), Right(LEDGER_ARCHIVE, "export"), CompanyRight())
def export_archive(
	company: str, customer: str | None = None, from_date: str | None = None, to_date: str | None = None
) -> None:
	"""Have the entries that the user may read exported in the background; a notification leads to the file."""
	check_company(company)
	frappe.enqueue(
		"client_ledger.archive.api.make_export",
		queue="long",
		timeout=3600,
		company=company,
		customer=customer or "",
		from_date=from_date or "",
		to_date=to_date or "",
	)


def make_export(company: str, customer: str = "", from_date: str = "", to_date: str = "") -> str:
	"""Make an export for the user of this job, notify them, and return the address of the file. Commits."""
	name = f"archive-{now_datetime():%Y-%m-%d-%H%M%S}-{frappe.generate_hash(length=6)}.zip"
	path = Path(frappe.get_site_path(*EXPORTS, name))
	user = frappe.session.user
	try:
		number = export(company, path, ExportPart(customer, from_date, to_date), readable_of_user)
	except files.DiskFull as error:
		_notify(user, filled(_("The export of the archive failed: {0}"), str(error)))
		frappe.db.commit()  # nosemgrep: that it failed
		return ""
	url = f"/{'/'.join(EXPORTS)}/{name}"
	file = frappe.new_doc("File")
	file.update(
		{"file_name": name, "file_url": url, "is_private": 1, "file_size": path.stat().st_size, "owner": user}
	)
	file.name = frappe.generate_hash(length=10)
	# Not inserted: that would read the whole file into memory.
	file.db_insert()
	_notify(
		user, filled(_("The export of the archive of {0} is ready: {1} entries."), company, number), file.name
	)
	frappe.db.commit()  # nosemgrep: the file and who may read it
	return url


def _notify(user: str, text: str, file: str | None = None) -> None:
	notification = {"type": "Alert", "subject": text, "from_user": user}
	notification |= {"document_type": "File", "document_name": file} if file else {}
	enqueue_create_notification([user], notification)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(KEEPERS), Listed(LEDGER_ARCHIVE))
def set_legal_hold(names: list[str] | str, why: str) -> int:
	"""Put entries under legal hold, for a reason; return how many were not before."""
	return retention.hold(names, why)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(KEEPERS), Listed(LEDGER_ARCHIVE))
def lift_legal_hold(names: list[str] | str, why: str) -> int:
	"""Lift the legal hold of entries, for a reason; return how many had one."""
	return retention.lift_hold(names, why)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(OneOf(KEEPERS), CompanyRight())
def count_expired(company: str) -> int:
	"""Return how many entries of a company may be purged."""
	check_company(company)
	return len(retention.expired(company, getdate()))


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(KEEPERS), CompanyRight())
def purge_expired(company: str, why: str) -> int:
	"""Purge the entries of a company whose retention is over and that are not under legal hold; return how many. Commits."""
	check_company(company)
	return retention.purge(company, why)


def _ascii(name: str) -> str:
	return name.encode("ascii", "replace").decode().replace("?", "_")
