// A held draft says so, with the way to its Credit Hold.

["Sales Order", "Delivery Note", "Sales Invoice"].forEach((doctype) => {
	frappe.ui.form.on(doctype, { refresh: (frm) => show_credit_hold(frm) });
});

function show_credit_hold(frm) {
	if (frm.is_new() || frm.doc.docstatus !== 0 || !frappe.model.can_read("Credit Hold")) return;
	frappe.call({
		method: "client_ledger.credit.api.hold_of",
		type: "GET",
		args: { doctype: frm.doctype, name: frm.doc.name },
		callback: ({ message: hold }) => {
			if (!hold || frm.doc.name !== hold.reference_name) return;
			const link = `<a href="${frappe.utils.get_form_link("Credit Hold", hold.name)}">${
				hold.name
			}</a>`;
			const [text, colour] = {
				"On Hold": [__("On credit hold: {0}", [link]), "red"],
				Rejected: [__("Rejected by credit control: {0}", [link]), "red"],
				Released: [__("Released by credit control: {0}", [link]), "green"],
				Cleared: [__("No longer on credit hold: {0}", [link]), "green"],
			}[hold.status] || ["", ""];
			if (text) frm.dashboard.set_headline_alert(text, colour);
		},
	});
}
