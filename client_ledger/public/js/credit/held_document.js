// A held draft says so, with the way to its Credit Hold. Loaded once with the desk, so each form hears it once.

import { ask } from "../shared/ask";
import { form_link } from "../shared/format";
import { fill } from "../shared/html";

["Sales Order", "Delivery Note", "Sales Invoice"].forEach((doctype) => {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			show_credit_hold(frm);
		},
	});
});

async function show_credit_hold(frm) {
	if (frm.is_new() || frm.doc.docstatus !== 0 || !frappe.model.can_read("Credit Hold")) return;
	const hold = await ask(
		"client_ledger.credit.api.hold_of",
		{ doctype: frm.doctype, name: frm.doc.name },
		"GET"
	);
	if (!hold || frm.doc.name !== hold.reference_name) return;
	const [sentence, colour] = {
		"On Hold": [__("On credit hold: {0}"), "red"],
		Rejected: [__("Rejected by credit control: {0}"), "red"],
		Released: [__("Released by credit control: {0}"), "green"],
		Cleared: [__("No longer on credit hold: {0}"), "green"],
	}[hold.status] || ["", ""];
	if (!sentence) return;
	const text = fill(sentence, [form_link("Credit Hold", hold.name)]);
	frm.dashboard.set_headline_alert(String(text), colour);
}
