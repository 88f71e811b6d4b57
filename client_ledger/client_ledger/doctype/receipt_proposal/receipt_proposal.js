// Receipt Proposal: what is proposed for a receipt, and what a person does about it.

const WAITING = ["Proposed", "Without Invoice", "Declined"];

frappe.ui.form.on("Receipt Proposal", {
	refresh(frm) {
		const { doc } = frm;
		frm.page.set_indicator(
			__(doc.status, null, "Receipt Proposal"),
			client_ledger.colours.colour_of("Receipt Proposal", doc.status)
		);
		// It stands above, in the reader's language.
		frm.toggle_display("reason", false);
		frm.dashboard.clear_headline();
		if (doc.reason) frm.dashboard.set_headline(String(client_ledger.html`${headline(doc)}`));
		if (frm.is_new() || !WAITING.includes(doc.status) || !frappe.model.can_write(doc.doctype))
			return;
		add_actions(frm);
	},
});

function headline(doc) {
	const { note, found_by, confidence } = doc;
	const reason = client_ledger.receipts.reason_of(doc);
	const how = [found_by && __(found_by), confidence && __(confidence)]
		.filter(Boolean)
		.join(", ");
	return [how ? `${how}: ${reason}` : reason, note].filter(Boolean).join(" ");
}

function add_actions(frm) {
	const { apply_proposals, choose_invoices, decline_proposals, propose_again } =
		client_ledger.receipts;
	const { doc } = frm;
	const reload = () => frm.reload_doc();
	if (doc.status === "Proposed") {
		if (frappe.model.can_submit("Payment Entry")) {
			frm.page.set_primary_action(__("Apply"), () => apply_proposals([doc.name], reload));
		}
		client_ledger.add_button(frm, __("Decline"), () => decline_proposals([doc.name], reload));
	}
	const choose = doc.status === "Proposed" ? __("Choose Other Invoices") : __("Choose Invoices");
	client_ledger.add_button(frm, choose, () => choose_invoices(doc, reload));
	frm.page.add_menu_item(__("Propose Again"), () => propose_again(doc.company));
}
