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

	formatter(value, row, column, data, default_formatter) {
		if (is_empty(value, column, data)) return "";
		if (!data?.voucher_type) return default_formatter(value, row, column, data);
		if (column.fieldname === "status" && data.colour) return pill(value, data.colour);
		if (column.fieldname === "voucher_type") return voucher_type(value, data);
		const formatted = default_formatter(value, row, column, data);
		return data.bold ? `<b>${formatted}</b>` : formatted;
	},

	onload(report) {
		report.page.add_inner_button(__("Client Ageing"), () => {
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
	return !value && !(column.fieldname === "balance" && data?.currency);
}

// Labels of balances and ties arrive translated; a document's type does not.
function voucher_type(value, data) {
	const label = frappe.utils.escape_html(data.voucher_no ? frappe._(value) : value);
	if (data.tie) return pill(label, data.colour);
	return data.bold ? `<b>${label}</b>` : label;
}

function pill(text, colour) {
	return text ? `<span class="indicator-pill no-indicator-dot ${colour}">${text}</span>` : "";
}
