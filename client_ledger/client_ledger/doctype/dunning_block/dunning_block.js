// Dunning Block: only the customer's own invoices can be chosen.

frappe.ui.form.on("Dunning Block", {
	setup(frm) {
		frm.set_query("sales_invoice", () => ({
			filters: { customer: frm.doc.customer, docstatus: 1, outstanding_amount: [">", 0] },
		}));
	},
});
