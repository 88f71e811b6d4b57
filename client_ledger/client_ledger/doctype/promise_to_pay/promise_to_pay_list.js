// States in their colours.

frappe.listview_settings["Promise to Pay"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Promise to Pay", status, "status"),
};
