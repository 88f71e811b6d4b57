"""Who may do what with receipts: those whose roles change proposals decide on them, ERPNext's rights let them be applied."""

from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.requirements import CompanyRight, DocumentRight, Listed, Right

# A payment that is allocated or booked is a submitted Payment Entry of ERPNext's.
APPLY = (Right(RECEIPT_PROPOSAL, "write"), Right("Payment Entry", "submit"), Listed(RECEIPT_PROPOSAL))
DECIDE = (Right(RECEIPT_PROPOSAL, "write"), Listed(RECEIPT_PROPOSAL))
CHOOSE = (DocumentRight(RECEIPT_PROPOSAL, "write"),)
PROPOSE = (Right(RECEIPT_PROPOSAL, "write"), CompanyRight())
