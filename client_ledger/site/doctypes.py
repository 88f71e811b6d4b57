"""DocTypes of collections, and the states of their documents."""

ACCOUNT = "Client Account"
FOLLOW_UP = "Follow Up"
PROMISE, INSTALMENT = "Promise to Pay", "Promise Instalment"
DISPUTE, REASON = "Ledger Dispute", "Dispute Reason"
ITEM = "Collection Item"
RULE, SETTINGS, TEAM = "Collection Rule", "Collection Settings", "Collector Team"
CASE, WRITE_OFF = "Escalation Case", "Write Off Request"

# A follow-up's states, which the host's Workflow leads through.
OPEN, IN_PROGRESS, DONE, CANCELLED = "Open", "In Progress", "Done", "Cancelled"
# Documents of collections that belong to a customer with a company.
OF_CUSTOMER = (FOLLOW_UP, PROMISE, DISPUTE, CASE, WRITE_OFF)
