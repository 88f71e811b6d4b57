"""The names of our DocTypes, and of ERPNext's that hold limits; what else of a site every capability has to know by name."""

CLIENT_ACCOUNT = "Client Account"
LEDGER_SETTINGS = "Client Ledger Settings"
REFRESH_MARK = "Refresh Mark"
PAYMENT_PATTERN = "Payment Pattern"
BACKUP_CHECK = "Backup Check"
CHECK_LIST, CHECK_ROW = "Receivables Check List", "Receivables Check"

KPI_MONTH_END, KPI_ROWS = "KPI Month End", "KPI Rows"

CREDIT_ASSESSMENT, CREDIT_ASSESSMENT_FACTOR = "Credit Assessment", "Credit Assessment Factor"
CREDIT_RESERVATION = "Credit Reservation"
CREDIT_GRADE, CREDIT_GRADE_OVERRIDE = "Credit Grade", "Credit Grade Override"
CREDIT_HOLD, CREDIT_HOLD_REASON = "Credit Hold", "Credit Hold Reason"
CREDIT_LIMIT, CREDIT_REFERENCE = "Credit Limit", "Credit Reference"
CREDIT_RULE, CREDIT_SCORECARD, CREDIT_SNAPSHOT = "Credit Rule", "Credit Scorecard", "Credit Snapshot"
# ERPNext's own rows of limits, in Customer, Customer Group and Company.
CUSTOMER_CREDIT_LIMIT = "Customer Credit Limit"

LEDGER_NOTICE, LEDGER_NOTICE_ITEM = "Ledger Notice", "Ledger Notice Item"
DUNNING_BLOCK, DUNNING_POLICY, DUNNING_RUN = "Dunning Block", "Dunning Policy", "Dunning Run"
DUNNING_SETTINGS = "Dunning Settings"
STEP_TRIAL, TRIAL_ASSIGNMENT = "Step Trial", "Trial Assignment"
CUSTOMER_STATEMENT = "Customer Statement"
STATEMENT_RUN, STATEMENT_SCHEDULE = "Statement Run", "Statement Schedule"
CONFIRMATION_ROUND, BALANCE_CONFIRMATION = "Confirmation Round", "Balance Confirmation"
CONFIRMATION_REPLY, RECONCILIATION_LINE = "Confirmation Reply", "Reconciliation Line"

COLLECTION_ITEM, COLLECTION_RULE, COLLECTION_SETTINGS = (
	"Collection Item",
	"Collection Rule",
	"Collection Settings",
)
COLLECTOR_TEAM, DISPUTE_REASON = "Collector Team", "Dispute Reason"
ESCALATION_CASE, FOLLOW_UP, LEDGER_DISPUTE = "Escalation Case", "Follow Up", "Ledger Dispute"
PROMISE_INSTALMENT, PROMISE_TO_PAY = "Promise Instalment", "Promise to Pay"
WRITE_OFF_REQUEST = "Write Off Request"

REMITTANCE_ADVICE, REMITTANCE_ADVICE_INVOICE = "Remittance Advice", "Remittance Advice Invoice"
RECEIPT_PROPOSAL, RECEIPT_PROPOSAL_ITEM = "Receipt Proposal", "Receipt Proposal Item"
PAYER_NAME = "Payer Name"

LEDGER_ARCHIVE, LEDGER_ARCHIVE_FILE = "Ledger Archive", "Ledger Archive File"
ARCHIVE_ANCHOR, ARCHIVE_CHAIN = "Archive Anchor", "Archive Chain"

DUTY, DUTY_RIGHT, DUTY_RULE = "Duty", "Duty Right", "Duty Rule"
DUTY_CONFLICT, DUTY_MITIGATION = "Duty Conflict", "Duty Mitigation"

PROCEDURE, PROCEDURE_STEP, PROCEDURE_PLACE = "Procedure", "Procedure Step", "Procedure Place"
PROCEDURE_READING, PROCEDURE_VERSION = "Procedure Reading", "Procedure Version"

LEDGER_CONTROL, CONTROL_FINDING, CONTROL_RUN = "Ledger Control", "Control Finding", "Control Run"
CONTROL_DOCUMENT, CONTROL_PARAMETER = "Control Finding Document", "Ledger Control Parameter"
CONTROL_COMPANY = "Ledger Control Company"
GROUP_ROBOT, ROBOT_DELIVERY = "Group Robot", "Robot Delivery"
EARLY_WARNING, WARNING_SIGNAL = "Early Warning", "Warning Signal"
WARNING_DIGEST, WARNING_DIGEST_ISSUE = "Warning Digest", "Warning Digest Issue"
WARNING_SETUP = "Warning Setup"
WARNING_SIGNAL_PARAMETER, WARNING_SIGNAL_RECORD = "Warning Signal Parameter", "Warning Signal Record"

GUEST_LINK, GUEST_LINK_EVENT = "Guest Link", "Guest Link Event"

CASH_FORECAST, CASH_FORECAST_WEEK = "Cash Forecast", "Cash Forecast Week"

# A follow-up's states, which Frappe's Workflow leads through.
OPEN, IN_PROGRESS, DONE, CANCELLED = "Open", "In Progress", "Done", "Cancelled"
# Documents of collections that belong to a customer with a company.
OF_CUSTOMER = (
	FOLLOW_UP,
	PROMISE_TO_PAY,
	LEDGER_DISPUTE,
	ESCALATION_CASE,
	WRITE_OFF_REQUEST,
	REMITTANCE_ADVICE,
)
