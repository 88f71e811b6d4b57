// Filters of Client Ageing, and the way from a bucket to the customer's ledger.

frappe.query_reports["Client Ageing"] = {
	filters: [
		client_ledger.filters.company({ optional: true }),
		client_ledger.filters.day("report_date", __("As On Date")),
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: [
				{ value: "Customer", label: __("Customer") },
				{ value: "Customer Group", label: __("Customer Group") },
				{ value: "Territory", label: __("Territory") },
				{ value: "Sales Person", label: __("Sales Person") },
				{ value: "Credit Grade", label: __("Credit Grade") },
			],
			default: "Customer",
		},
		{
			fieldname: "ageing_based_on",
			label: __("Ageing Based On"),
			fieldtype: "Select",
			options: [
				{ value: "Due Date", label: __("Due Date") },
				{ value: "Posting Date", label: __("Posting Date") },
			],
			default: "Due Date",
		},
		{
			fieldname: "range",
			label: __("Ageing Range"),
			fieldtype: "Data",
			default: "30, 60, 90, 120",
		},
		...client_ledger.filters.customers(),
		{
			fieldname: "based_on_payment_terms",
			label: __("Based On Payment Terms"),
			fieldtype: "Check",
			default: 1,
		},
		client_ledger.filters.in_party_currency(),
	],

	formatter: client_ledger.cells.report_formatter((content, { value, column, data }) => {
		const { bold } = client_ledger.cells;
		if (data.total && column.fieldtype === "Link" && column.options !== "Currency") {
			return bold(value);
		}
		if (column.fieldtype === "Currency" && !value && !data.total) return "";
		if (data.bold) return bold(content);
		return is_drillable(column, data, value) ? ledger_link(content, data.customer) : content;
	}),

	onload(report) {
		report.page.wrapper
			.off("click.client-ageing")
			.on("click.client-ageing", "a[data-ledger-of]", (event) => {
				event.preventDefault();
				open_ledger(report, event.currentTarget.dataset.ledgerOf);
			});
		client_ledger.add_button(report.page, __("Client Ledger"), () => open_ledger(report));
	},
};

function is_drillable(column, data, value) {
	return data.customer && column.fieldtype === "Currency" && value;
}

function ledger_link(content, customer) {
	return client_ledger.html`<a href="#" data-ledger-of="${customer}">${content}</a>`;
}

function open_ledger(report, customer) {
	const filters = report.get_values();
	frappe.set_route("query-report", "Client Ledger", {
		company: filters.company,
		customers: customer ? [customer] : filters.customers || [],
		from_date: frappe.datetime.add_months(filters.report_date, -24),
		to_date: filters.report_date,
		in_party_currency: filters.in_party_currency || 0,
	});
}
