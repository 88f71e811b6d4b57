"""Help for tests of the archive: entries of a company of its own, a check, and heads as they are known outside."""

import frappe
from frappe.utils import now_datetime

from client_ledger.archive import chain, verify
from client_ledger.archive.keep import keep
from client_ledger.core.archive.verify import Anchor
from tests.bench import factories as f

COMPANY = "Archive Test Company"


def keep_some(
	number: int, first: int = 1, company: str = COMPANY, customer: str | None = None, **more
) -> list[str]:
	"""Keep entries, each third one with a file, and chain them; return their names."""
	names = []
	for i in range(first, first + number):
		files = [(f"letter {i}.pdf", f"%PDF {i}".encode())] if i % 3 == 0 else []
		names.append(
			keep(
				"Letter",
				company,
				"Ledger Notice",
				f"notice-{i}",
				customer=customer,
				figures={"total": i * 1.1, "lines": [{"no": i, "text": "对账单 100%"}]},
				files=files,
				**more,
			)
		)
	chain.chain_company(company)
	return names


def kinds_found(company: str = COMPANY, outside: list[Anchor] = ()) -> set[str]:
	return {finding.kind.value for finding in verify.check(company, outside).findings}


def head(company: str = COMPANY) -> Anchor:
	"""The head of today, as it would have been mailed."""
	row = frappe.db.get_value("Archive Chain", {"company": company}, ["sequence", "entry_hash"])
	return Anchor(*row, now_datetime(), "outside")


def empty(company: str = COMPANY) -> None:
	"""Begin anew with no entries of the company."""
	names = frappe.get_all("Ledger Archive", {"company": company}, pluck="name")
	if names:
		frappe.db.delete("Ledger Archive File", {"parent": ("in", names)})
	for doctype in ("Ledger Archive", "Archive Chain", "Archive Anchor"):
		frappe.db.delete(doctype, {"company": company})
	f.make_company(COMPANY)
