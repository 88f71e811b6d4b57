// States in their colours.

frappe.listview_settings["Ledger Dispute"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Ledger Dispute", status, "status"),
};
