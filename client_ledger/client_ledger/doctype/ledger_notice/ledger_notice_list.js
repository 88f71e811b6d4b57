// Ledger Notice list: the status as a coloured indicator; approving many at once.

frappe.listview_settings["Ledger Notice"] = {
	add_fields: ["status", "reason", "currency", "step_name"],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Ledger Notice", status, "status"),
	onload(list) {
		const decides = ["Accounts Manager", "Credit Manager"];
		if (!frappe.user_roles.some((role) => decides.includes(role))) return;
		list.page.add_actions_menu_item(__("Approve"), async () => {
			const names = list.get_checked_items(true);
			await client_ledger.ask("client_ledger.outbox.api.approve_notices", { names });
			list.refresh();
		});
	},
};
