// The receipts without an invoice: what is proposed comes first; what is selected is applied or declined at once.

frappe.listview_settings["Receipt Proposal"] = {
	add_fields: ["status", "currency", "confidence"],
	filters: [["status", "in", ["Proposed", "Without Invoice", "Declined"]]],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Receipt Proposal", status, "status"),
	formatters: {
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
		if (frappe.perm.has_perm("Payment Entry", 0, "submit")) {
			listview.page.add_actions_menu_item(__("Apply"), decide(apply_proposals), false);
		}
		listview.page.add_actions_menu_item(__("Decline"), decide(decline_proposals), false);
		listview.page.add_inner_button(__("Propose Again"), () => propose_again());
	},
};
