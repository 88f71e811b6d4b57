"""Once a day the head of every chain is noted, and mailed to an address outside: from then on nothing before it can be changed
unseen, by whoever has the database's password neither.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_url, now_datetime, validate_email_address

from client_ledger.core.archive.heads import Head, head_line
from client_ledger.site.doctypes import ARCHIVE_ANCHOR, ARCHIVE_CHAIN, LEDGER_SETTINGS
from client_ledger.site.jobs import LOCKS
from client_ledger.site.rows import bulk_insert

_SAVEPOINT = "cl_archive_heads"


def recipients() -> list[str]:
	"""Return the addresses outside that get the heads."""
	text = frappe.get_cached_doc(LEDGER_SETTINGS).get("archive_head_to") or ""
	found = (part.strip() for part in text.replace(",", "\n").replace(";", "\n").splitlines())
	return [address for address in dict.fromkeys(found) if address and validate_email_address(address)]


def send_heads(now: datetime | None = None) -> int:
	"""Note the head of each chain and mail all of them, once a day; return how many. In the caller's transaction."""
	now = now or now_datetime()
	to = recipients()
	chains = frappe.get_all(
		ARCHIVE_CHAIN,
		{"sequence": (">", 0)},
		["name", "company", "sequence", "entry_hash"],
		order_by="company",
	)
	keys = {chain.name: f"{chain.name} {now:%Y-%m-%d}" for chain in chains}
	there = set(
		frappe.get_all(
			ARCHIVE_ANCHOR,
			{"anchor_key": ("in", [*keys.values(), ""])},
			pluck="anchor_key",
			order_by="anchor_key",
		)
	)
	new = [chain for chain in chains if keys[chain.name] not in there]
	if not new:
		return 0
	sent_to = ", ".join(to) if to and _mail(to, new, now) else ""
	rows = [
		{
			"company": chain.company,
			"chain": chain.name,
			"sequence": chain.sequence,
			"entry_hash": chain.entry_hash,
			"taken_on": now,
			"recipients": sent_to,
			"anchor_key": keys[chain.name],
		}
		for chain in new
	]
	bulk_insert(ARCHIVE_ANCHOR, rows)
	return len(new)


def _mail(to: list[str], chains: list[frappe._dict], now: datetime) -> bool:
	"""Queue the mail of the heads; return whether that went. Where it did not, they are noted here, and it is logged."""
	frappe.db.savepoint(_SAVEPOINT)
	try:
		frappe.sendmail(
			recipients=to,
			subject=_("Head of the archive of {0} on {1}").format(get_url(), f"{now:%Y-%m-%d}"),
			message=_message(chains),
			reference_doctype=ARCHIVE_CHAIN,
			reference_name=chains[0].name,
			add_unsubscribe_link=0,
		)
	except Exception as error:
		if isinstance(error, LOCKS):
			raise
		frappe.db.rollback(save_point=_SAVEPOINT)
		frappe.clear_messages()
		frappe.log_error(title="Archive: the heads were not mailed, check the outgoing Email Account")
		return False
	return True


def _message(chains: list[frappe._dict]) -> str:
	lines = "".join(
		f"<p>{frappe.utils.escape_html(chain.company)}: {chain.sequence}<br>"
		f"<code>{head_line(Head(chain.name, chain.sequence, chain.entry_hash))}</code></p>"
		for chain in chains
	)
	return f"<p>{_('Keep this message. The hashes below prove what the archive of Client Ledger held on this day: save it as a file and pass it to the command verify-archive with --anchors, or compare a hash with that of the entry of the same number.')}</p>{lines}"
