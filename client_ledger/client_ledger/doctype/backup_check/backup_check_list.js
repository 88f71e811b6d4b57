// Backup checks: newest first, each with its verdict; whoever administers the site has one made now.

frappe.listview_settings["Backup Check"] = {
	add_fields: ["verdict"],
	hide_name_column: true,
	get_indicator: ({ verdict }) => client_ledger.colours.indicator("Backup Check", verdict),
	onload(listview) {
		if (!frappe.user.has_role("System Manager")) return;
		client_ledger.add_button(listview.page, __("Check Now"), client_ledger.check_backups);
	},
};
