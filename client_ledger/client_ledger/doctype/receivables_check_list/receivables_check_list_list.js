// Receivables Check List list: how far each list is, and whether its figures have changed since it was signed.

frappe.listview_settings["Receivables Check List"] = {
	add_fields: ["status", "changed_on", "unexplained"],
	hide_name_column: true,
	get_indicator({ status, changed_on }) {
		if (changed_on) return [__("Figures Changed"), "orange", "changed_on,is,set"];
		return client_ledger.colours.indicator("Receivables Check List", status);
	},
	onload(listview) {
		const may_make = ["Accounts User", "Accounts Manager"].some((role) =>
			frappe.user.has_role(role)
		);
		if (!may_make) return;
		client_ledger.add_button(listview.page, __("Create Check List"), () =>
			make_list(listview)
		);
	},
};

function make_list(listview) {
	client_ledger.prompt({
		title: __("Create Check List"),
		label: __("Create"),
		fields: [
			{
				fieldname: "company",
				fieldtype: "Link",
				options: "Company",
				label: __("Company"),
				default: frappe.defaults.get_user_default("Company"),
				reqd: 1,
			},
			{
				fieldname: "period_kind",
				fieldtype: "Select",
				label: __("Period Kind"),
				options: ["Month", "Quarter", "Year"].map((value) => ({
					value,
					label: __(value),
				})),
				default: "Month",
				reqd: 1,
			},
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("A Day in the Period"),
				description: __("Leave blank for the last period that has ended."),
			},
		],
		send: (values) =>
			client_ledger.ask("client_ledger.period_checks.api.make_check_list", values, "POST", {
				freeze: true,
			}),
		done(made) {
			if (made.name) return frappe.set_route("Form", "Receivables Check List", made.name);
			frappe.show_alert(__("The list is being made in the background."));
			listview.refresh();
		},
	});
}
