"""What the app declares to Frappe. Declarations only: each name here is explained where it points."""

from frappe import __version__ as _frappe

app_name = "client_ledger"
app_title = "Client Ledger"
app_publisher = "The Client Ledger founders"
app_description = "The whole customer ledger, where sales people already work"
app_email = "hello@client-ledger.example"
app_license = "GPL-3.0-or-later"
# With its organisation: Frappe would otherwise ask GitHub for it, and fail without a network.
required_apps = ["frappe/erpnext"]

after_install = "client_ledger.setup.install.after_install"
after_migrate = ["client_ledger.setup.install.after_migrate"]
before_uninstall = "client_ledger.setup.uninstall.before_uninstall"
after_uninstall = "client_ledger.setup.uninstall.after_uninstall"

app_include_js = ["ledger_desk.bundle.js"]

doctype_js = {
	"Balance Confirmation": "public/js/confirmations/form.js",
	"Customer": "public/js/customer.js",
}
doctype_list_js = {"Customer": "public/js/customer_list.js"}

doc_events = {
	"Payment Ledger Entry": {"on_submit": "client_ledger.overrides.payment_ledger_entry.on_submit"},
	"Sales Invoice": {
		"on_change": ["client_ledger.overrides.selling.on_change", "client_ledger.controls.kept.on_change"],
		"after_insert": "client_ledger.overrides.selling.after_insert",
		"before_submit": "client_ledger.overrides.selling.before_submit",
		"on_submit": [
			"client_ledger.overrides.selling.on_submit",
			"client_ledger.overrides.sales_invoice.on_submit",
		],
		"on_cancel": [
			"client_ledger.overrides.selling.on_cancel",
			"client_ledger.overrides.sales_invoice.on_cancel",
		],
		"on_trash": "client_ledger.overrides.selling.on_trash",
	},
	"Bank Transaction": {
		"on_change": [
			"client_ledger.overrides.bank_transaction.on_change",
			"client_ledger.tasks.step_changed",
		]
	},
	"Payment Entry": {
		"on_change": [
			"client_ledger.overrides.payment_entry.on_change",
			"client_ledger.tasks.step_changed",
			"client_ledger.controls.kept.on_change",
		]
	},
	"Journal Entry": {"on_change": "client_ledger.controls.kept.on_change"},
	# What differences of confirmations lead to.
	"Follow Up": {"on_update": "client_ledger.tasks.step_changed"},
	"Ledger Dispute": {"on_update": "client_ledger.tasks.step_changed"},
	# Whatever gives somebody a right is followed by a look for conflicts of duties.
	"User": {
		"on_update": "client_ledger.overrides.user.on_update",
		"after_rename": "client_ledger.overrides.user.after_rename",
		"after_delete": "client_ledger.overrides.user.after_delete",
	},
	"User Type": {"on_update": "client_ledger.overrides.user_type.on_update"},
	"Employee": {
		"on_update": "client_ledger.overrides.employee.on_change",
		"after_delete": "client_ledger.overrides.employee.on_change",
	},
	"Role": {
		"on_update": "client_ledger.overrides.role.on_update",
		"after_rename": "client_ledger.overrides.role.after_rename",
		"after_delete": "client_ledger.overrides.role.after_delete",
	},
	"Role Profile": {"on_update": "client_ledger.overrides.role_profile.on_update"},
	"Has Role": {
		"on_update": "client_ledger.overrides.has_role.on_change",
		"after_delete": "client_ledger.overrides.has_role.on_change",
	},
	"Custom DocPerm": {
		"on_update": "client_ledger.overrides.custom_docperm.on_change",
		"after_delete": "client_ledger.overrides.custom_docperm.on_change",
	},
	"Property Setter": {
		"on_update": "client_ledger.overrides.property_setter.on_change",
		"after_delete": "client_ledger.overrides.property_setter.on_change",
	},
	"DocType": {"on_update": "client_ledger.overrides.doctype.on_update"},
	"Web Form": {
		"on_update": "client_ledger.overrides.web_form.on_change",
		"after_delete": "client_ledger.overrides.web_form.on_change",
	},
	"DocShare": {
		"on_update": "client_ledger.overrides.docshare.on_change",
		"after_delete": "client_ledger.overrides.docshare.on_change",
	},
	"User Permission": {
		"on_update": "client_ledger.overrides.user_permission.on_change",
		"after_delete": "client_ledger.overrides.user_permission.on_change",
	},
	"Workflow": {
		"on_update": "client_ledger.overrides.workflow.on_change",
		"after_delete": "client_ledger.overrides.workflow.on_change",
	},
	"Sales Order": {
		"on_change": [
			"client_ledger.overrides.selling.on_change",
			"client_ledger.controls.kept.order_on_change",
		],
		"after_insert": "client_ledger.overrides.selling.after_insert",
		"before_submit": "client_ledger.overrides.selling.before_submit",
		"on_submit": "client_ledger.overrides.selling.on_submit",
		"on_cancel": "client_ledger.overrides.selling.on_cancel",
		"on_trash": "client_ledger.overrides.selling.on_trash",
		"before_update_after_submit": "client_ledger.overrides.sales_order.before_update_after_submit",
		"on_update_after_submit": "client_ledger.overrides.sales_order.on_update_after_submit",
		"before_change": "client_ledger.overrides.selling.before_change",
	},
	"Delivery Note": {
		"on_change": "client_ledger.overrides.selling.on_change",
		"after_insert": "client_ledger.overrides.selling.after_insert",
		"before_submit": "client_ledger.overrides.selling.before_submit",
		"on_submit": "client_ledger.overrides.selling.on_submit",
		"on_cancel": "client_ledger.overrides.selling.on_cancel",
		"on_trash": "client_ledger.overrides.selling.on_trash",
		"before_change": "client_ledger.overrides.selling.before_change",
	},
	"File": {"validate": "client_ledger.overrides.file.validate"},
	"Unreconcile Payment": {"on_submit": "client_ledger.overrides.unreconcile_payment.on_submit"},
	"Customer": {
		"validate": "client_ledger.overrides.customer.validate",
		"on_update": "client_ledger.overrides.customer.on_update",
		"on_change": "client_ledger.controls.kept.on_change",
		"before_rename": "client_ledger.overrides.customer.before_rename",
		"after_rename": "client_ledger.overrides.customer.after_rename",
		"on_trash": "client_ledger.overrides.customer.on_trash",
	},
	"Customer Group": {
		"validate": "client_ledger.overrides.customer_group.validate",
		"on_change": "client_ledger.controls.kept.on_change",
	},
	"Customer Credit Limit": {
		"before_validate": "client_ledger.overrides.customer_credit_limit.before_validate",
		"before_change": "client_ledger.controls.kept.row_before_change",
		"after_insert": "client_ledger.controls.kept.row_after_insert",
		"on_change": "client_ledger.controls.kept.row_on_change",
		"on_trash": [
			"client_ledger.overrides.customer_credit_limit.on_trash",
			"client_ledger.controls.kept.row_on_trash",
		],
	},
	"Payment Terms Template": {"on_change": "client_ledger.controls.kept.on_change"},
	"Company": {
		"on_change": "client_ledger.controls.kept.on_change",
		"validate": "client_ledger.overrides.company.validate",
		"after_rename": "client_ledger.overrides.company.after_rename",
		"on_trash": "client_ledger.overrides.company.on_trash",
	},
}

after_request = ["client_ledger.guest_links.headers.protect"]
# Frappe's own functions, followed by a look for conflicts of duties.
override_whitelisted_methods = {
	"frappe.core.page.permission_manager.permission_manager.add": "client_ledger.overrides.permission_manager.add",
	"frappe.core.page.permission_manager.permission_manager.update": "client_ledger.overrides.permission_manager.update",
	"frappe.core.page.permission_manager.permission_manager.remove": "client_ledger.overrides.permission_manager.remove",
	"frappe.core.page.permission_manager.permission_manager.reset": "client_ledger.overrides.permission_manager.reset",
	"frappe.core.doctype.user_permission.user_permission.clear_user_permissions": "client_ledger.overrides.restrictions.clear_user_permissions",
	"frappe.core.doctype.user_permission.user_permission.add_user_permissions": "client_ledger.overrides.restrictions.add_user_permissions",
}

scheduler_events = {
	"all": ["client_ledger.tasks.send_to_robots"],
	"hourly": [
		"client_ledger.tasks.catch_up",
		"client_ledger.tasks.dun",
		"client_ledger.tasks.send_statements",
		"client_ledger.tasks.send_confirmations",
		"client_ledger.tasks.send_digests",
	],
	"daily_long": ["client_ledger.tasks.nightly", "client_ledger.tasks.check_backups"],
}

# How many days are kept, until Log Settings say otherwise. What waits, and what nobody knows the end of, is kept longer.
default_log_clearing_doctypes = {"Robot Delivery": 180, "Warning Digest Issue": 180}

permission_query_conditions = {
	"Balance Confirmation": "client_ledger.permissions.conditions",
	"Client Account": "client_ledger.permissions.conditions",
	"Confirmation Reply": "client_ledger.permissions.conditions",
	"Credit Assessment": "client_ledger.permissions.conditions",
	"Credit Grade Override": "client_ledger.permissions.conditions",
	"Credit Hold": "client_ledger.permissions.conditions",
	"Credit Limit": "client_ledger.permissions.conditions",
	"Credit Reference": "client_ledger.permissions.conditions",
	"Credit Snapshot": "client_ledger.permissions.conditions",
	"Dunning Block": "client_ledger.permissions.conditions",
	"Early Warning": "client_ledger.permissions.conditions",
	"Escalation Case": "client_ledger.permissions.conditions",
	"Follow Up": "client_ledger.permissions.conditions",
	"Guest Link": "client_ledger.permissions.conditions",
	"Guest Link Event": "client_ledger.permissions.conditions",
	"Ledger Dispute": "client_ledger.permissions.conditions",
	"Ledger Archive": "client_ledger.permissions.conditions",
	"Ledger Notice": "client_ledger.permissions.conditions",
	"Customer Statement": "client_ledger.permissions.conditions",
	"Promise to Pay": "client_ledger.permissions.conditions",
	"Confirmation Round": "client_ledger.permissions.conditions_of_all",
	"Control Finding": "client_ledger.permissions.finding_conditions",
	"Group Robot": "client_ledger.permissions.conditions_of_site",
	"Robot Delivery": "client_ledger.permissions.conditions_of_site",
	"Warning Digest": "client_ledger.permissions.conditions_of_person",
	"Warning Digest Issue": "client_ledger.permissions.conditions_of_person",
	"Warning Setup": "client_ledger.permissions.conditions_of_all",
	"Receivables Check List": "client_ledger.permissions.conditions_of_all",
	"Cash Forecast": "client_ledger.permissions.conditions_of_all",
	"KPI Month End": "client_ledger.permissions.conditions_of_all",
	"KPI Rows": "client_ledger.permissions.conditions_of_all",
	"Step Trial": "client_ledger.permissions.conditions_of_all",
	"Reconciliation Line": "client_ledger.permissions.conditions",
	"Payer Name": "client_ledger.permissions.conditions",
	"Receipt Proposal": "client_ledger.permissions.conditions",
	"Remittance Advice": "client_ledger.permissions.conditions",
	"Trial Assignment": "client_ledger.permissions.conditions",
	"Write Off Request": "client_ledger.permissions.conditions",
	# Rows go with their document.
	"Cash Forecast Week": "client_ledger.permissions.row_conditions",
	"Archive Rule": "client_ledger.permissions.row_conditions",
	"Collection Item": "client_ledger.permissions.row_conditions",
	"Collector Team Member": "client_ledger.permissions.row_conditions",
	"Collector Team Scope": "client_ledger.permissions.row_conditions",
	"Confirmation Reply Line": "client_ledger.permissions.row_conditions",
	"Confirmation Round Customer": "client_ledger.permissions.row_conditions",
	"Credit Assessment Factor": "client_ledger.permissions.row_conditions",
	"Credit Hold Reason": "client_ledger.permissions.row_conditions",
	"Credit Rule Action": "client_ledger.permissions.row_conditions",
	"Credit Scorecard Band": "client_ledger.permissions.row_conditions",
	"Credit Scorecard Cap": "client_ledger.permissions.row_conditions",
	"Credit Scorecard Deduction": "client_ledger.permissions.row_conditions",
	"Credit Scorecard Factor": "client_ledger.permissions.row_conditions",
	"Dunning Policy Scope": "client_ledger.permissions.row_conditions",
	"Dunning Policy Step": "client_ledger.permissions.row_conditions",
	"Dunning Policy Text": "client_ledger.permissions.row_conditions",
	"Control Finding Document": "client_ledger.permissions.row_conditions",
	"Duty Right": "client_ledger.permissions.row_conditions",
	"Escalation Fee": "client_ledger.permissions.row_conditions",
	"Escalation Task": "client_ledger.permissions.row_conditions",
	"Ledger Archive File": "client_ledger.permissions.row_conditions",
	"Ledger Control Company": "client_ledger.permissions.row_conditions",
	"Ledger Control Parameter": "client_ledger.permissions.row_conditions",
	"Ledger Notice Item": "client_ledger.permissions.row_conditions",
	"Promise Instalment": "client_ledger.permissions.row_conditions",
	"Receivables Check": "client_ledger.permissions.row_conditions",
	"Receipt Account": "client_ledger.permissions.row_conditions",
	"Receipt Proposal Item": "client_ledger.permissions.row_conditions",
	"Remittance Advice Invoice": "client_ledger.permissions.row_conditions",
	"Procedure Place": "client_ledger.permissions.row_conditions",
	"Procedure Step": "client_ledger.permissions.row_conditions",
	"Statement Schedule Scope": "client_ledger.permissions.row_conditions",
	"Warning Signal Parameter": "client_ledger.permissions.row_conditions",
	"Warning Signal Record": "client_ledger.permissions.row_conditions",
}
has_permission = {
	"Balance Confirmation": "client_ledger.permissions.has_permission",
	"Client Account": "client_ledger.permissions.has_permission",
	"Confirmation Reply": "client_ledger.permissions.has_permission",
	"Credit Assessment": "client_ledger.permissions.has_permission",
	"Credit Grade Override": "client_ledger.permissions.has_permission",
	"Credit Hold": "client_ledger.permissions.has_permission",
	"Credit Limit": "client_ledger.permissions.has_permission",
	"Credit Reference": "client_ledger.permissions.has_permission",
	"Credit Snapshot": "client_ledger.permissions.has_permission",
	"Dunning Block": "client_ledger.permissions.has_permission",
	"Early Warning": "client_ledger.permissions.has_permission",
	"Escalation Case": "client_ledger.permissions.has_permission",
	"Follow Up": "client_ledger.permissions.has_permission",
	"Guest Link": "client_ledger.permissions.has_permission",
	"Guest Link Event": "client_ledger.permissions.has_permission",
	"Ledger Dispute": "client_ledger.permissions.has_permission",
	"Ledger Archive": "client_ledger.permissions.has_permission",
	"Ledger Notice": "client_ledger.permissions.has_permission",
	"Customer Statement": "client_ledger.permissions.has_permission",
	"Promise to Pay": "client_ledger.permissions.has_permission",
	"Confirmation Round": "client_ledger.permissions.has_permission_of_all",
	"Control Finding": "client_ledger.permissions.has_finding_permission",
	"Group Robot": "client_ledger.permissions.has_permission_of_site",
	"Robot Delivery": "client_ledger.permissions.has_permission_of_site",
	"Warning Digest": "client_ledger.permissions.has_permission_of_person",
	"Warning Digest Issue": "client_ledger.permissions.has_permission_of_person",
	"Warning Setup": "client_ledger.permissions.has_permission_of_all",
	"Receivables Check List": "client_ledger.permissions.has_permission_of_all",
	"Cash Forecast": "client_ledger.permissions.has_permission_of_all",
	"KPI Month End": "client_ledger.permissions.has_permission_of_all",
	"KPI Rows": "client_ledger.permissions.has_permission_of_all",
	"Step Trial": "client_ledger.permissions.has_permission_of_all",
	"Reconciliation Line": "client_ledger.permissions.has_permission",
	"Payer Name": "client_ledger.permissions.has_permission",
	"Receipt Proposal": "client_ledger.permissions.has_permission",
	"Remittance Advice": "client_ledger.permissions.has_permission",
	"Trial Assignment": "client_ledger.permissions.has_permission",
	"Write Off Request": "client_ledger.permissions.has_permission",
}

# How notices of each kind are decided on, prepared and followed: subclasses of client_ledger.outbox.kinds.NoticeKind.
client_ledger_outbox_kinds = {
	"Reminder": "client_ledger.dunning.sending.decide.DunningNotices",
	"Acknowledgement": "client_ledger.dunning.sending.decide.DunningNotices",
	"Statement": "client_ledger.statement_runs.statement_notices.StatementNotices",
	"Document": "client_ledger.confirmations.resend.DocumentNotices",
	"Confirmation": "client_ledger.confirmations.confirmation_notices.ConfirmationNotices",
}

# Who repeats the status of a notice in a document of its own: paths to functions of (notice's name).
client_ledger_notice_status_changed = [
	"client_ledger.statement_runs.statement_rows.mirror",
	"client_ledger.confirmations.confirmation_rows.mirror",
	"client_ledger.confirmations.resend.mirror",
]

# What follows when a reply to a balance confirmation can be compared line by line: paths to functions of (confirmation, reply).
client_ledger_confirmation_comparable = ["client_ledger.confirmations.compare_jobs.queue"]

# What a restore drill looks at besides: paths to functions of (scratch, moment), which return core.backups.BackupFinding.
client_ledger_drill_checks = ["client_ledger.archive.drill.findings"]

# Who makes the QR code of a payment: paths to functions of (payment, bank), see client_ledger.portal.qr.
client_ledger_payment_qr = ["client_ledger.portal.qr.epc"]

# The customer portal: in the menu of those whose portal is on.
standard_portal_menu_items = [
	{
		"title": "Customer Account",
		"route": "/customer-ledger",
		"reference_doctype": "Client Account",
		"role": "Customer",
	},
]
update_website_context = ["client_ledger.portal.menu.update_website_context"]

# What follows when the hold of a dunning step is lifted: paths to functions of (customers).
client_ledger_dunning_holds_lifted = ["client_ledger.tasks.dunning_holds_lifted"]

# How mails of notices leave the Email Queue. Frappe 16 mixes a class into its own, beside those of other apps; in 15 a class
# takes the place of Frappe's.
if int(_frappe.split(".")[0]) > 15:
	extend_doctype_class = {"Email Queue": "client_ledger.overrides.email_queue.NoticeMails"}
else:
	override_doctype_class = {"Email Queue": "client_ledger.overrides.email_queue.LedgerEmailQueue"}

override_doctype_dashboards = {
	"Customer": "client_ledger.overrides.customer.get_dashboard_data",
}

# They follow the document they are about and never keep it from being deleted.
ignore_links_on_delete = [
	"Archive Anchor",
	"Archive Chain",
	"Balance Confirmation",
	"Cash Forecast",
	"Client Account",
	"Confirmation Reply",
	"Confirmation Round",
	"Control Finding",
	"Control Run",
	"Credit Assessment",
	"Credit Reservation",
	"Credit Hold",
	"Credit Snapshot",
	"Customer Statement",
	"Dunning Block",
	"Dunning Run",
	"Duty Conflict",
	"Duty Mitigation",
	"Early Warning",
	"Escalation Case",
	"Follow Up",
	"Guest Link",
	"Guest Link Event",
	"KPI Month End",
	"KPI Rows",
	"Ledger Archive",
	"Ledger Dispute",
	"Ledger Notice",
	"Payment Pattern",
	"Payer Name",
	"Procedure Reading",
	"Procedure Version",
	"Promise to Pay",
	"Receivables Check List",
	"Reconciliation Line",
	"Receipt Proposal",
	"Remittance Advice",
	"Statement Run",
	"Trial Assignment",
	"Warning Digest Issue",
	"Warning Setup",
	"Warning Signal",
]

# ERPNext deletes the transactions of a company on request. What was kept of them stays, and so does what people have set up and
# agreed for it, as its accounts and customers do.
company_data_to_be_ignored = [
	"Archive Anchor",
	"Archive Chain",
	"Collector Team",
	"Control Finding",
	"Control Run",
	"Credit Grade Override",
	"Credit Limit",
	"Credit Reference",
	"Credit Rule",
	"Credit Scorecard",
	"Dunning Block",
	"Dunning Policy",
	"Ledger Archive",
	"Receipt Account",
	"Statement Schedule",
	"Step Trial",
	"Warning Setup",
	"Warning Signal Record",
]

require_type_annotated_api_methods = True
