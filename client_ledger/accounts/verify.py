"""Checking accounts: do the rows say what the ledger says, and does the ledger tie to the general ledger?"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import frappe

from client_ledger.accounts.columns import changes
from client_ledger.accounts.compute import FigureSource, read_accounts
from client_ledger.accounts.refresh import BATCH
from client_ledger.accounts.store import stored_accounts
from client_ledger.ledger.reader import VoucherDifference


class Mismatch(NamedTuple):
	"""A figure of an account that is not what the ledger says."""

	customer: str
	company: str
	field: str
	stored: Any
	fresh: Any


class UnreconciledVoucher(NamedTuple):
	"""A voucher that keeps an account from tying to the general ledger."""

	customer: str
	company: str
	difference: VoucherDifference


class Findings(NamedTuple):
	"""What a check found: accounts compared, figures that are off, accounts missing, vouchers that do not tie."""

	compared: int
	mismatches: list[Mismatch]
	missing: list[tuple[str, str]]
	untied: list[UnreconciledVoucher]


def check_accounts(
	source: FigureSource, customers: Iterable[str], progress: Callable[[int], None] | None = None
) -> Findings:
	"""Compare the accounts of *customers* with a fresh computation. Changes nothing."""
	customers = list(customers)
	findings = Findings(0, [], [], [])
	for start in range(0, len(customers), BATCH):
		batch = customers[start : start + BATCH]
		frappe.db.commit()  # nosemgrep: one snapshot per batch, for rows and ledger alike
		findings = _check_batch(source, batch, findings)
		if progress:
			progress(len(batch))
	return findings


def _check_batch(source: FigureSource, customers: list[str], findings: Findings) -> Findings:
	stored = stored_accounts(customers)
	fresh = read_accounts(source, customers)
	for key, figures in fresh.items():
		row = stored.get(key)
		if row is None:
			findings.missing.append((key.customer, key.company))
			continue
		findings.mismatches.extend(
			Mismatch(key.customer, key.company, field, row.get(field), value)
			for field, value in changes(row, figures).items()
		)
		if not figures["ties_to_gl"]:
			findings.untied.extend(
				UnreconciledVoucher(key.customer, key.company, difference)
				for difference in source.ledger.differences(key.customer, [key.company], source.today)
			)
	return findings._replace(compared=findings.compared + len(fresh))
