"""Names of ERPNext and Frappe that the app's exported documents rely on, in versions 15 and 16 alike."""

HOST_DOCTYPES = (
	"Account",
	"Activity Type",
	"Bank Transaction",
	"Communication",
	"Company",
	"Contact",
	"Cost Center",
	"Currency",
	"Customer Group",
	"Customer",
	"Delivery Note",
	"DocType",
	"Dunning Type",
	"Dunning",
	"Email Account",
	"Email Template",
	"Holiday List",
	"Journal Entry",
	"Mode of Payment",
	"Language",
	"Payment Entry",
	"Payment Ledger Entry",
	"Payment Reconciliation",
	"Payment Terms Template",
	"Print Format",
	"Purchase Invoice",
	"Role",
	"Sales Invoice",
	"Sales Order",
	"Sales Person",
	"Supplier",
	"Territory",
	"ToDo",
	"User",
	"Workflow Action Master",
	"Workflow State",
)

HOST_FIELDS = {
	"Customer": ("customer_name", "customer_group", "territory", "account_manager"),
	"Company": ("default_currency",),
	"User": ("full_name",),
}

HOST_ROLES = (
	"Accounts Manager",
	"Accounts User",
	"Auditor",
	"Credit Controller",
	"Credit Manager",
	"Sales Manager",
	"Sales User",
	"Stock User",
	"System Manager",
)

# Roles that our own DocTypes bring.
OWN_ROLES = ("Credit Controller", "Credit Manager")
