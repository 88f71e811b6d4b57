// Ledger Control list: which controls are on.

frappe.listview_settings["Ledger Control"] = {
	add_fields: ["enabled"],
	hide_name_column: true,
	get_indicator: ({ enabled }) =>
		enabled ? [__("On"), "green", "enabled,=,1"] : [__("Off"), "red", "enabled,=,0"],
	formatters: { title: (value) => __(value) },
};
