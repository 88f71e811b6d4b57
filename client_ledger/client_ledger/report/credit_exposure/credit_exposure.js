// Filters of Credit Exposure; limits in colour; documents that the user may open as links.

frappe.query_reports["Credit Exposure"] = {
	filters: [
		client_ledger.filters.company(),
		{
			fieldname: "limit_state",
			label: __("Credit Limit Status"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "Unlimited", label: __("Unlimited") },
				{ value: "Limited", label: __("Limited") },
				{ value: "No Credit", label: __("No Credit") },
			],
		},
		...client_ledger.filters.customers(),
		{
			fieldname: "over_only",
			label: __("Over Limit Only"),
			fieldtype: "Check",
		},
		{
			fieldname: "by_limit",
			label: __("Group by Credit Limit"),
			fieldtype: "Check",
		},
		{
			fieldname: "with_unused",
			label: __("Include Unused Limits"),
			fieldtype: "Check",
		},
		{
			fieldname: "with_documents",
			label: __("Show Documents"),
			fieldtype: "Check",
		},
	],

	formatter: client_ledger.cells.report_formatter((content, { value, column, data }) => {
		const { bold } = client_ledger.cells;
		if (data.total && column.fieldname === "customer") return bold(value);
		if (column.fieldtype === "Currency" && exposure_is_empty(value, column)) return "";
		if (column.fieldtype === "Percent" && typeof value !== "number") return "";
		if (column.fieldname === "voucher_type") return value ? frappe._(value) : "";
		if (column.fieldname === "voucher_no" && !data.can_open) return value;
		if (column.fieldname === "limit_state" && data.state) return exposure_pill(content, data);
		if (["used", "free"].includes(column.fieldname) && data.over > 0) {
			return client_ledger.html`<span class="text-danger">${content}</span>`;
		}
		return data.bold ? bold(content) : content;
	}),
};

// Nothing is easier to read than a zero; an exposure or what is free of a limit says something at zero.
function exposure_is_empty(value, column) {
	if (typeof value !== "number") return true;
	return !value && !["exposure", "credit_limit", "free"].includes(column.fieldname);
}

function exposure_pill(content, { over, state }) {
	const { cells, colours } = client_ledger;
	return cells.cell_pill(content, over > 0 ? "red" : colours.colour_of("Limit State", state));
}
