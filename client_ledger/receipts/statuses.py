"""Where a Receipt Proposal stands. The values are the English labels."""

PROPOSED = "Proposed"
WITHOUT_INVOICE = "Without Invoice"
DECLINED = "Declined"
APPLIED = "Applied"
CLOSED = "Closed"

# Money that is without an invoice still: somebody has to do something.
WAITING = (PROPOSED, WITHOUT_INVOICE, DECLINED)
# Nobody knows what for: a task of its responsible.
UNKNOWN = (WITHOUT_INVOICE, DECLINED)
BY_HAND = "Chosen by Hand"
PAYMENT_ENTRY, BANK_TRANSACTION = "Payment Entry", "Bank Transaction"
