// Remittance Advice: a payment that a customer has announced, and where it stands.

frappe.ui.form.on("Remittance Advice", {
	setup(frm) {
		frm.set_query("sales_invoice", "invoices", () => ({
			filters: {
				customer: frm.doc.customer,
				company: frm.doc.company,
				docstatus: 1,
				outstanding_amount: [">", 0],
			},
		}));
	},
	refresh(frm) {
		const { doc } = frm;
		if (frm.is_new()) return;
		frm.page.set_indicator(
			__(doc.status, null, "Remittance Advice"),
			client_ledger.colours.colour_of("Remittance Advice", doc.status)
		);
		if (!["Announced", "Not Received"].includes(doc.status)) return;
		if (!frappe.model.can_write(doc.doctype)) return;
		client_ledger.add_button(frm, __("Withdraw"), () =>
			client_ledger.receipts.withdraw_advice(doc.name, () => frm.reload_doc())
		);
	},
});
