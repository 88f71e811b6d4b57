"""Why something is proposed: what the core does not say."""

from client_ledger.core.marked import marked

BOOKED = marked("{0} has this amount and is not reconciled with the bank. Reconcile the two in ERPNext.")
NOTHING_FITS = marked("No open item fits. Choose its invoices, or ask the customer what it is for.")
CHOSEN = marked("Chosen by {0}.")
