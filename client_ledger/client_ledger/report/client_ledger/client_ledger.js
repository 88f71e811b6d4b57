// Filters of Client Ledger, and its statuses in colour.

frappe.query_reports["Client Ledger"] = {
	filters: [
		client_ledger.filters.company({ optional: true }),
		...client_ledger.filters.period({ months: 12 }),
		...client_ledger.filters.customers(),
		{
			fieldname: "currency",
			label: __("Account Currency"),
			fieldtype: "Link",
			options: "Currency",
		},
		client_ledger.filters.in_party_currency(),
	],

	formatter: client_ledger.cells.report_formatter((content, { value, column, data }) => {
		const { bold, cell_pill } = client_ledger.cells;
		if (is_empty(value, column, data)) return "";
		if (!data.voucher_type) return content;
		if (column.fieldname === "status" && data.colour) return cell_pill(value, data.colour);
		if (column.fieldname === "voucher_type") return voucher_type(value, data);
		return data.bold ? bold(content) : content;
	}),

	onload(report) {
		client_ledger.add_button(report.page, __("Client Ageing"), () => {
			const filters = report.get_values();
			frappe.set_route("query-report", "Client Ageing", {
				company: filters.company,
				report_date: filters.to_date,
				customers: filters.customers || [],
				in_party_currency: filters.in_party_currency || 0,
			});
		});
	},
};

// Nothing is easier to read than a zero; a balance of zero says something.
function is_empty(value, column, data) {
	if (column.fieldtype !== "Currency") return false;
	return !value && !(column.fieldname === "balance" && data.currency);
}

// Labels of balances and ties arrive translated; a document's type does not.
function voucher_type(value, data) {
	const { bold, cell_pill } = client_ledger.cells;
	const label = data.voucher_no ? frappe._(value) : value;
	if (data.tie) return cell_pill(label, data.colour);
	return data.bold ? bold(label) : label;
}
