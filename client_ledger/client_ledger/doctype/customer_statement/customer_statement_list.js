// Customer Statement list: what became of each statement as a coloured indicator.

frappe.listview_settings["Customer Statement"] = {
	add_fields: ["status", "reason", "shown_currency"],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Customer Statement", status, "status"),
};
