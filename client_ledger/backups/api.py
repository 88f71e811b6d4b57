"""What lists and forms of Backup Check ask the server to do."""

import frappe

from client_ledger.site.arguments import arguments
from client_ledger.site.requirements import OneOf, requires

ROLES = ("System Manager",)
JOB = "client_ledger.tasks.check_backups"
SECONDS = 1800


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES))
def check_now() -> None:
	"""Have the backups checked in the background; asking again while that is done changes nothing."""
	frappe.enqueue(JOB, queue="long", timeout=SECONDS, job_id=JOB, deduplicate=True)
