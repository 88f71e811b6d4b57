// Filters that several reports have, each defined once. What is theirs alone stands in their own scripts.

/** The company; optional: where left empty, all of the user's companies. */
export function company({ optional } = {}) {
	return {
		fieldname: "company",
		label: __("Company"),
		fieldtype: "Link",
		options: "Company",
		reqd: optional ? 0 : 1,
		default: frappe.defaults.get_user_default("Company"),
	};
}

/** From a day so many months or days before today, until today. */
export function period({ months, days, optional }) {
	const today = frappe.datetime.get_today();
	const first = months
		? frappe.datetime.add_months(today, -months)
		: frappe.datetime.add_days(today, -days);
	return [day("from_date", __("From Date"), first), day("to_date", __("To Date"), today)].map(
		(filter) => ({ ...filter, reqd: optional ? 0 : 1 })
	);
}

/** A day that has to be given; today unless another is named. */
export function day(fieldname, label, value = frappe.datetime.get_today()) {
	return { fieldname, label, fieldtype: "Date", reqd: 1, default: value };
}

/** Customers by name, and by the trees they stand in. */
export function customers() {
	return [
		{
			fieldname: "customers",
			label: __("Customers"),
			fieldtype: "MultiSelectList",
			options: "Customer",
			get_data: (text) => frappe.db.get_link_options("Customer", text),
		},
		link("customer_group", __("Customer Group"), "Customer Group"),
		link("territory", __("Territory"), "Territory"),
		link("sales_person", __("Sales Person"), "Sales Person"),
	];
}

/** One of the documents of *options*. */
export function link(fieldname, label, options) {
	return { fieldname, label, fieldtype: "Link", options };
}

/** Yes or no. */
export function check(fieldname, label, value = 0) {
	return { fieldname, label, fieldtype: "Check", default: value };
}

/** Amounts in the currency of each receivable account. */
export function in_party_currency() {
	return check("in_party_currency", __("In Party Currency"));
}
