// Archive Chain list: the status as a coloured indicator.

frappe.listview_settings["Archive Chain"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Archive Chain", status, "status"),
};
