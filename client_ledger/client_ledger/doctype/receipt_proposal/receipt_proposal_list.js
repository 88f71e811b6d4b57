// The receipts without an invoice: what is proposed comes first; what is selected is applied or declined at once.

frappe.listview_settings["Receipt Proposal"] = {
	add_fields: ["status", "currency", "confidence", "reason_message", "reason_values"],
	filters: [["status", "in", ["Proposed", "Without Invoice", "Declined"]]],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Receipt Proposal", status, "status"),
	formatters: {
		reason: (value, df, doc) =>
			String(client_ledger.html`<span>${client_ledger.receipts.reason_of(doc)}</span>`),
		confidence: (value) =>
			value
				? String(
						client_ledger.html`<span class="indicator-pill ${client_ledger.colours.colour_of(
							"Confidence",
							value
						)}">${__(value)}</span>`
				  )
				: "",
	},
	onload(listview) {
		if (!frappe.model.can_write("Receipt Proposal")) return;
		const { apply_proposals, decline_proposals, propose_again } = client_ledger.receipts;
		const decide = (work) => () =>
			work(listview.get_checked_items(true), () => {
				listview.clear_checked_items();
				// A list does not ask again for what it asked for within three seconds, although something was decided.
				listview.last_args = null;
				listview.refresh();
			});
		if (frappe.model.can_submit("Payment Entry")) {
			listview.page.add_actions_menu_item(__("Apply"), decide(apply_proposals), false);
		}
		listview.page.add_actions_menu_item(__("Decline"), decide(decline_proposals), false);
		client_ledger.add_button(listview.page, __("Propose Again"), () => propose_again());
	},
};
