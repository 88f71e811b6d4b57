// Early Warning list: colours, and closing several for one reason.

frappe.listview_settings["Early Warning"] = {
	add_fields: ["status", "severity", "customer_name", "company", "signal_name"],
	hide_name_column: true,
	get_indicator({ status }) {
		return client_ledger.colours.indicator("Early Warning", status);
	},
	formatters: {
		signal_name: (value) => frappe.utils.escape_html(__(value)),
		customer_name: (value, df, doc) => frappe.utils.escape_html(value || doc.company),
	},
	onload(listview) {
		listview.page.add_action_item(__("Close Warnings"), () =>
			client_ledger.warnings.close_many(
				listview.get_checked_items().map(({ name }) => name),
				() => listview.refresh()
			)
		);
	},
};
