"""What a site has set for receipts: fees and discounts that are recognised, accounts, and what a policy may apply."""

from dataclasses import dataclass

import frappe
from frappe.utils import cint, flt

from client_ledger.core.money import as_money
from client_ledger.core.receipts.items import ReceiptPass, ReceiptSettings
from client_ledger.site.doctypes import COLLECTION_SETTINGS

POLICY_FIELDS = {
	"apply_structured": ReceiptPass.STRUCTURED,
	"apply_advice": ReceiptPass.ADVICE,
	"apply_numbers": ReceiptPass.NUMBERS,
	"apply_numbers_less": ReceiptPass.NUMBERS_LESS,
	"apply_one_amount": ReceiptPass.ONE_AMOUNT,
	"apply_all_open": ReceiptPass.ALL_OPEN,
	"apply_discount": ReceiptPass.DISCOUNT,
	"apply_sum": ReceiptPass.SUM,
}


@dataclass(frozen=True, slots=True)
class ReceiptAccounts:
	"""Where a company books what is withheld, and its mode of payment for receipts of the bank."""

	discount: str | None = None
	fee: str | None = None
	mode_of_payment: str | None = None


def receipt_settings() -> ReceiptSettings:
	"""Return what the core allows for fees and discounts."""
	stored = frappe.get_cached_doc(COLLECTION_SETTINGS)
	return ReceiptSettings(
		fee_share=as_money(flt(stored.fee_share)) / 100,
		fee_amount=as_money(flt(stored.fee_amount)),
		late_discount_days=cint(stored.late_discount_days),
	)


def accounts_of(company: str) -> ReceiptAccounts:
	"""Return the accounts of a company: its row in the settings, ERPNext's own discount account without one."""
	rows = frappe.get_cached_doc(COLLECTION_SETTINGS).receipt_accounts
	row = next((row for row in rows if row.company == company), frappe._dict())
	default = frappe.get_cached_value("Company", company, "default_discount_account")
	return ReceiptAccounts(
		row.discount_account or default or None, row.fee_account or None, row.mode_of_payment or None
	)


def passes_applied() -> tuple[str, ...]:
	"""Return the passes whose sure finds are applied without a person; none unless a policy says so."""
	stored = frappe.get_cached_doc(COLLECTION_SETTINGS)
	if not cint(stored.apply_sure):
		return ()
	return tuple(found_by.value for field, found_by in POLICY_FIELDS.items() if cint(stored.get(field)))
