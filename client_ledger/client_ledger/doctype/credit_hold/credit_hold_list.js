// The queue: what waits comes first, and all of it can be tested again at once.

frappe.listview_settings["Credit Hold"] = {
	add_fields: ["status"],
	filters: [["status", "=", "On Hold"]],
	hide_name_column: false,
	get_indicator: ({ status }) => client_ledger.colours.indicator("Credit Hold", status),
	onload(listview) {
		if (!frappe.model.can_write("Credit Hold")) return;
		listview.page.add_inner_button(__("Re-evaluate All"), () =>
			frappe.call({
				method: "client_ledger.credit.api.reevaluate_holds",
				type: "POST",
				callback: () =>
					frappe.show_alert({
						message: __("All documents on hold are being re-evaluated."),
						indicator: "blue",
					}),
			})
		);
	},
};
