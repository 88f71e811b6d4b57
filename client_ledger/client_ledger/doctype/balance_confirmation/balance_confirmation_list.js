// Balance Confirmation list: what was answered, and reminders of those who have not.

frappe.listview_settings["Balance Confirmation"] = {
	get_indicator: ({ status }) => client_ledger.colours.indicator("Balance Confirmation", status),
	onload(list) {
		if (!frappe.model.can_write("Balance Confirmation")) return;
		list.page.add_action_item(__("Remind"), async () => {
			const names = list.get_checked_items(true);
			const count = await client_ledger.ask("client_ledger.confirmations.api.remind", {
				names,
			});
			frappe.show_alert(__("{0} reminders are being sent", [count]));
			list.clear_checked_items();
			list.refresh();
		});
	},
};
