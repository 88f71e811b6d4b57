// Control Finding list: what was found in the reader's language; what is selected is closed with one reason.

frappe.listview_settings["Control Finding"] = {
	add_fields: ["status", "severity", "control", "currency", "reason_message", "reason_values"],
	filters: [["status", "in", ["Open", "In Progress"]]],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Control Finding", status, "status"),
	formatters: {
		control_title: (value) => __(value),
		reason: (value, df, doc) =>
			String(client_ledger.html`<span>${client_ledger.controls.reason_of(doc)}</span>`),
		severity: (value) =>
			value ? String(client_ledger.format.status_pill("Severity", value)) : "",
	},
	onload(listview) {
		if (["System Manager", "Accounts Manager", "Credit Manager"].some(has_role)) {
			client_ledger.add_button(listview.page, __("Run Controls Now"), () =>
				client_ledger.controls.run_now()
			);
		}
		if (!frappe.model.can_write("Control Finding")) return;
		const close = (status) => () =>
			client_ledger.controls.close_findings(listview.get_checked_items(true), status, () => {
				listview.clear_checked_items();
				// A list does not ask again for what it asked for within three seconds, although something was decided.
				listview.last_args = null;
				listview.refresh();
			});
		listview.page.add_actions_menu_item(__("Resolve"), close("Resolved"), false);
		if (["Accounts Manager", "Credit Manager"].some(has_role)) {
			listview.page.add_actions_menu_item(__("Accept"), close("Accepted"), false);
		}
	},
};

function has_role(role) {
	return frappe.user.has_role(role);
}
