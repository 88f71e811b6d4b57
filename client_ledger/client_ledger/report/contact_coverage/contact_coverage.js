// Filters of Contact Coverage.

frappe.query_reports["Contact Coverage"] = {
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
			fieldname: "days",
			label: __("Within Days"),
			fieldtype: "Int",
			reqd: 1,
			default: 30,
		},
	],
};
