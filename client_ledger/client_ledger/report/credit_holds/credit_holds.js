// Filters of Credit Holds.

frappe.query_reports["Credit Holds"] = {
	filters: [
		client_ledger.filters.company(),
		...client_ledger.filters.period({ days: 90, optional: true }),
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
