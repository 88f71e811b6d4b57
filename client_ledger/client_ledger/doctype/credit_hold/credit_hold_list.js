// The queue: what waits comes first; what is selected is decided on for one reason, and all of it can be tested again at once.

frappe.listview_settings["Credit Hold"] = {
	add_fields: ["status"],
	filters: [["status", "=", "On Hold"]],
	hide_name_column: false,
	get_indicator: ({ status }) => client_ledger.colours.indicator("Credit Hold", status),
	onload(listview) {
		if (!frappe.model.can_write("Credit Hold")) return;
		if (["Credit Manager", "Credit Controller"].some((role) => frappe.user.has_role(role))) {
			add_decisions(listview);
		}
		client_ledger.add_button(listview.page, __("Re-evaluate All"), async () => {
			await client_ledger.ask("client_ledger.credit.api.reevaluate_holds", {});
			frappe.show_alert({
				message: __("All documents on hold are being re-evaluated."),
				indicator: "blue",
			});
		});
	},
};

function add_decisions(listview) {
	const { release_holds, reject_holds } = client_ledger.decisions;
	const decide = (ask) => () =>
		ask(listview.get_checked_items(true), () => {
			listview.clear_checked_items();
			// A list does not ask again for what it asked for within three seconds, although something was decided.
			listview.last_args = null;
			listview.refresh();
		});
	listview.page.add_actions_menu_item(__("Release"), decide(release_holds), false);
	listview.page.add_actions_menu_item(__("Reject"), decide(reject_holds), false);
}
