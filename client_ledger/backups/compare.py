"""A restored backup beside the ledger: what was written until it was made, counted and added up in both."""

from datetime import datetime, timedelta
from decimal import Decimal

import frappe

from client_ledger.backups.scratch import Scratch
from client_ledger.core.backups import BackupFinding, Compared, ComparedBalance, Restored

# What was being written when the dump began may not be in it.
MARGIN = timedelta(minutes=5)
EXAMPLES = 3
CENT = Decimal("0.01")
# Paths to functions of (Scratch, the moment until which both are compared) that return findings of other capabilities.
HOOK = "client_ledger_drill_checks"

# Per voucher: entries get new names later on, and are posted again, but a voucher's sums stay. What is a draft may change.
_VOUCHERS = {
	"GL Entry": """select voucher_no as voucher, count(*) as n, round(sum(debit), 2) as one, round(sum(credit), 2) as two, 0 as draft
		from {db}.`tabGL Entry` where creation <= %s group by voucher_type, voucher_no""",
	"Payment Ledger Entry": """select voucher_no as voucher, count(*) as n, round(sum(amount), 2) as one,
		round(sum(abs(amount)), 2) as two, 0 as draft
		from {db}.`tabPayment Ledger Entry` where creation <= %s group by voucher_type, voucher_no""",
	"Sales Invoice": """select name as voucher, 1 as n, round(base_grand_total, 2) as one, 0 as two, docstatus = 0 as draft
		from {db}.`tabSales Invoice` where creation <= %s""",
}
_BALANCES = {
	"GL Entry": """select entry.company as company, account.account_type as account_type, sum(entry.debit - entry.credit) as total
		from {db}.`tabGL Entry` entry left join {db}.`tabAccount` account on account.name = entry.account
		where entry.creation <= %s group by entry.company, account.account_type""",
	"Payment Ledger Entry": """select company, account_type, sum(amount) as total from {db}.`tabPayment Ledger Entry`
		where creation <= %s group by company, account_type""",
}


def compare(scratch: Scratch, taken_on: datetime) -> Restored:
	"""Compare the backup with the ledger as of the moment it was made at. Changes nothing."""
	scratch.see_now()
	if not _is_same_site(scratch):
		return Restored(False, (), (), ())
	until = taken_on - MARGIN
	elsewhere: list[BackupFinding] = []
	for path in frappe.get_hooks(HOOK):
		elsewhere += frappe.get_attr(path)(scratch, until)
	return Restored(
		True,
		_versions(scratch),
		[_compared(scratch, doctype, until) for doctype in _VOUCHERS],
		[balance for doctype in _BALANCES for balance in _balances(scratch, doctype, until)],
		elsewhere,
	)


def _is_same_site(scratch: Scratch) -> bool:
	"""Return whether the backup is of this site: the Administrator is as old in both."""
	made = scratch.rows(
		"select (select creation from {backup}.`tabUser` where name = 'Administrator') as theirs,"
		" (select creation from {live}.`tabUser` where name = 'Administrator') as ours"
	)
	return made[0]["theirs"] == made[0]["ours"]


def _versions(scratch: Scratch) -> list[tuple[str, str, str]]:
	theirs, ours = (
		{
			row["app"]: row["version"]
			for row in scratch.rows(
				f"select app_name as app, app_version as version from {{{db}}}.`tabInstalled Application`"
			)
		}
		for db in ("backup", "live")
	)
	return [
		(app, theirs.get(app, ""), ours.get(app, ""))
		for app in sorted(theirs.keys() | ours.keys())
		if theirs.get(app) != ours.get(app)
	]


def _compared(scratch: Scratch, doctype: str, until: datetime) -> Compared:
	theirs, ours = (_VOUCHERS[doctype].replace("{db}", f"{{{db}}}") for db in ("backup", "live"))
	both = [until, until]
	missing = scratch.rows(
		f"select ours.voucher, ours.n - ifnull(theirs.n, 0) as n from ({ours}) ours"
		f" left join ({theirs}) theirs on theirs.voucher = ours.voucher where ours.n > ifnull(theirs.n, 0)",
		both,
	)
	gone = scratch.rows(
		f"select theirs.voucher, theirs.n - ifnull(ours.n, 0) as n from ({theirs}) theirs"
		f" left join ({ours}) ours on ours.voucher = theirs.voucher"
		" where theirs.n > ifnull(ours.n, 0) and not theirs.draft",
		both,
	)
	changed = scratch.rows(
		f"select theirs.voucher, theirs.n as n from ({theirs}) theirs join ({ours}) ours on ours.voucher = theirs.voucher"
		" where theirs.n = ours.n and not theirs.draft and (theirs.one <> ours.one or theirs.two <> ours.two)",
		both,
	)
	examples = [row["voucher"] for rows in (missing, changed, gone) for row in rows]
	return Compared(
		doctype,
		_count(scratch, "{backup}", doctype, until),
		_count(scratch, "{live}", doctype, until),
		*(sum(int(row["n"]) for row in rows) for rows in (missing, gone, changed)),
		examples=tuple(dict.fromkeys(examples))[:EXAMPLES],
	)


def _count(scratch: Scratch, db: str, doctype: str, until: datetime) -> int:
	sql = f"select count(*) as n from {db}.`tab{doctype}` where creation <= %s"
	return int(scratch.rows(sql, [until])[0]["n"])


def _balances(scratch: Scratch, doctype: str, until: datetime) -> list[ComparedBalance]:
	theirs, ours = (
		{
			(row["company"] or "", row["account_type"] or ""): Decimal(str(row["total"] or 0)).quantize(CENT)
			for row in scratch.rows(_BALANCES[doctype].replace("{db}", f"{{{db}}}"), [until])
		}
		for db in ("backup", "live")
	)
	return [
		ComparedBalance(
			doctype, *key, str(theirs.get(key, Decimal("0.00"))), str(ours.get(key, Decimal("0.00")))
		)
		for key in sorted(theirs.keys() | ours.keys())
	]
