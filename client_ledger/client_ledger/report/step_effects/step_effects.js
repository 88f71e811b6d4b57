// Filters of Step Effects: what trials of steps say, and what is proposed to whom from which evidence.

frappe.query_reports["Step Effects"] = {
	filters: [
		client_ledger.filters.company(),
		{
			fieldname: "view",
			label: __("Show"),
			fieldtype: "Select",
			options: ["Effects", "Proposals per Customer"].map((value) => ({
				value,
				label: __(value),
			})),
			default: "Effects",
			reqd: 1,
		},
		{
			...client_ledger.filters.link("policy", __("Dunning Policy"), "Dunning Policy"),
			depends_on: "eval:doc.view === 'Effects'",
		},
		{
			...client_ledger.filters.link("customer", __("Customer"), "Customer"),
			depends_on: "eval:doc.view !== 'Effects'",
		},
	],
	formatter: client_ledger.cells.report_formatter((content, { column, data }) => {
		if (column.fieldname === "verdict" && data.raw_verdict) {
			return client_ledger.cells.cell_status("Step Verdict", data.raw_verdict, data.verdict);
		}
		if (column.fieldname === "status" && data.raw_status) {
			return client_ledger.cells.cell_status("Step Trial", data.raw_status, data.status);
		}
		return content;
	}),
};
