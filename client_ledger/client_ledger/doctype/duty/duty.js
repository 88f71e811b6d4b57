// Duty: an action brings its own document type and right.

const OF_ACTION = {
	"Release Hold": ["Credit Hold", "Write"],
	"Approve Credit Limit": ["Credit Limit", "Submit"],
	"Approve Notices": ["Ledger Notice", "Write"],
	"Settle Dispute": ["Ledger Dispute", "Write"],
	"Receive by Journal Entry": ["Journal Entry", "Submit"],
	"Pay by Journal Entry": ["Journal Entry", "Submit"],
	"Write Off by Journal Entry": ["Journal Entry", "Submit"],
	"Allocate Receipts": ["Payment Entry", "Write"],
};

frappe.ui.form.on("Duty Right", {
	own_action(frm, doctype, name) {
		const found = OF_ACTION[locals[doctype][name].own_action];
		if (!found) return;
		frappe.model.set_value(doctype, name, {
			document_type: found[0],
			permission: found[1],
			workflow_action: "",
		});
	},
});
