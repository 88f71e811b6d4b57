// Filters of Credit Holds.

frappe.query_reports["Credit Holds"] = {
	filters: [
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			reqd: 1,
			default: frappe.defaults.get_user_default("Company"),
		},
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -90),
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
		},
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...["On Hold", "Released", "Cleared", "Rejected", "Submitted", "Withdrawn"].map(
					(value) => ({ value, label: __(value) })
				),
			],
		},
		{
			fieldname: "rule",
			label: __("Rule"),
			fieldtype: "Link",
			options: "Credit Rule",
		},
		{
			fieldname: "customer",
			label: __("Customer"),
			fieldtype: "Link",
			options: "Customer",
		},
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status" && data) {
			const colours = {
				"On Hold": "red",
				Released: "orange",
				Rejected: "gray",
				Withdrawn: "gray",
			};
			return `<span class="indicator-pill ${colours[value] || "green"}">${__(value)}</span>`;
		}
		if (column.fieldname === "reference_doctype") return __(value);
		return default_formatter(value, row, column, data);
	},
};
