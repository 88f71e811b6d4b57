// KPI Month End list: whether each month end is still what the ledger says.

frappe.listview_settings["KPI Month End"] = {
	add_fields: ["status", "tie_status"],
	hide_name_column: true,
	get_indicator({ status }) {
		return client_ledger.colours.indicator("KPI Month End", status);
	},
	onload(listview) {
		client_ledger.add_button(listview.page, __("Open KPIs"), () =>
			frappe.set_route("receivables-kpis")
		);
	},
};
