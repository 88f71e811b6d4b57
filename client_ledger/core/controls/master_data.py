"""The control of master data: no two customers, and no customer and employee, have an account, an address or a number in common."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from unicodedata import category, normalize

from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	documents,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import FactKind, MasterFact
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because

SHARED = marked("{0} have the same {1}: {2}.")
WITH_EMPLOYEE = marked("{0}, among them an employee, have the same {1}: {2}.")

BANK, EMAIL, PHONE = marked("bank account"), marked("email address"), marked("phone number")
TAX_ID, ADDRESS = marked("tax number"), marked("address")
# Shorter ones are no address, no number of anybody's own.
_SHORTEST = {BANK: 6, EMAIL: 6, PHONE: 7, TAX_ID: 6, ADDRESS: 10}


def plain_characters(text: str) -> str:
	"""Return letters and digits only, whatever their width, case and accents."""
	folded = normalize("NFKD", text).casefold()
	return "".join(sign for sign in folded if category(sign)[0] in "LN")


def plain_email(text: str) -> str:
	"""Return an e-mail address without what does not tell mailboxes apart: case, and a tag behind +."""
	text = normalize("NFKC", text).strip().casefold()
	name, at, host = text.rpartition("@")
	return f"{name.partition('+')[0]}@{host}" if at and name else ""


def plain_phone(text: str) -> str:
	"""Return the last nine digits of a phone number, which leaves out how the country is written; "" for one digit again and again."""
	digits = re.sub(r"\D", "", normalize("NFKC", text))[-9:]
	return digits if len(set(digits)) > 1 else ""


_DETAILS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
	(BANK, "banks", plain_characters),
	(EMAIL, "emails", plain_email),
	(PHONE, "phones", plain_phone),
	(TAX_ID, "tax_ids", plain_characters),
	(ADDRESS, "addresses", plain_characters),
)


@control(
	"shared_details",
	name=marked("Shared Bank Account, Email or Address"),
	risk=marked("A customer that is somebody else, or an employee, is sold to, credited or paid."),
	source=marked(
		"ACFE Fraud Examiners Manual: fictitious customers and vendors; matching of master data with employees"
	),
	mended=marked("The records no longer share it, or belong to one group."),
	scope=ControlScope.COMPANY,
	needs=(FactKind.MASTERS,),
	parameters=(parameter("most", marked("Maximum Records Sharing It"), 20, 3, 200, marked("records")),),
	lasting=True,
)
def shared_details(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield details that records of different groups share, one finding per detail."""
	for kind, field, plain in _DETAILS:
		holders: dict[str, dict[str, MasterFact]] = defaultdict(dict)
		for one in facts.masters:
			for text in getattr(one, field):
				value = plain(text or "")
				if len(value) >= _SHORTEST[kind]:
					holders[value][f"{one.is_employee}{one.name}"] = one
		for value, found in holders.items():
			records = list(found.values())
			if len(records) < 2 or not any(not one.is_employee for one in records):
				continue
			if _belong_together(records) or len(records) > int(values["most"]):
				continue
			yield _finding(kind, value, records, facts.today)


def _belong_together(records: list[MasterFact]) -> bool:
	groups = {one.group for one in records}
	return len(groups) == 1 and "" not in groups


def _finding(kind: str, value: str, records: list[MasterFact], today: date) -> ControlFinding:
	records.sort(key=lambda one: (not one.is_employee, one.name))
	has_employee = records[0].is_employee
	names = ", ".join(one.name for one in records[:6])
	if has_employee:
		severity = FindingSeverity.HIGH
	else:
		severity = FindingSeverity.MEDIUM if kind in (BANK, TAX_ID) else FindingSeverity.LOW
	customers = [one.name for one in records if not one.is_employee]
	return ControlFinding(
		"shared_details",
		finding_key("shared_details", kind.split()[0], value),
		max((one.since for one in records if one.since), default=today),
		Because(WITH_EMPLOYEE if has_employee else SHARED, (names, kind, value)),
		severity,
		documents(records),
		customer=customers[0] if len(customers) == 1 else "",
	)
