"""Names of ERPNext and Frappe that the app's exported documents rely on, in versions 15 and 16 alike."""

HOST_DOCTYPES = (
	"Account",
	"Company",
	"Currency",
	"Customer",
	"Customer Group",
	"Delivery Note",
	"DocType",
	"Journal Entry",
	"Payment Entry",
	"Payment Ledger Entry",
	"Payment Reconciliation",
	"Payment Terms Template",
	"Sales Invoice",
	"Sales Order",
	"Sales Person",
	"Territory",
	"User",
)

HOST_FIELDS = {
	"Customer": ("customer_name", "customer_group", "territory", "account_manager"),
	"Company": ("default_currency",),
}

HOST_ROLES = (
	"Accounts Manager",
	"Accounts User",
	"Auditor",
	"Sales Manager",
	"Sales User",
	"System Manager",
)

# Roles that our own DocTypes bring.
OWN_ROLES = ("Credit Controller", "Credit Manager")
