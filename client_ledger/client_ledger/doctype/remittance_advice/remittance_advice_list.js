// States in their colours.

frappe.listview_settings["Remittance Advice"] = {
	add_fields: ["status", "currency"],
	hide_name_column: false,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Remittance Advice", status, "status"),
};
