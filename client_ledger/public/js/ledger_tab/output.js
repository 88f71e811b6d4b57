// Print, PDF and Excel: the whole ledger for the filters chosen, made by the server.

import { download } from "../shared/download";

const METHODS = {
	print: "client_ledger.ledger_tab.api.customer_ledger_print",
	pdf: "client_ledger.ledger_tab.api.customer_ledger_print",
	xlsx: "client_ledger.ledger_tab.api.customer_ledger_xlsx",
};

/** Ask for a period first, then make what was chosen. */
export function choose_period(filters) {
	const dialog = new frappe.ui.Dialog({
		title: __("Print or Export"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Format"),
				options: [
					{ value: "print", label: __("Print") },
					{ value: "pdf", label: __("PDF") },
					{ value: "xlsx", label: __("Excel") },
				],
				default: "print",
				reqd: 1,
			},
			{
				fieldname: "from_date",
				fieldtype: "Date",
				label: __("From Date"),
				description: __("Leave blank for the whole ledger"),
			},
			{
				fieldname: "as_of",
				fieldtype: "Date",
				label: __("To Date"),
				default: filters.as_of,
				reqd: 1,
			},
		],
		primary_action_label: __("Create"),
		async primary_action({ kind, from_date, as_of }) {
			const made = await output(kind, { ...filters, open_only: 0, as_of, from_date });
			if (made) dialog.hide();
		},
	});
	dialog.show();
}

/** Make what was chosen, and return whether it came. */
export async function output(kind, filters) {
	const args = { ...filters, file_format: kind === "pdf" ? "pdf" : "html" };
	if (kind === "xlsx") delete args.file_format;
	Object.keys(args).forEach((key) => args[key] || delete args[key]);
	const url = `/api/method/${METHODS[kind]}?${$.param(args)}`;
	if (kind === "print") {
		window.open(url, "_blank");
		return true;
	}
	return download(url, `${filters.customer}-${filters.as_of}.${kind}`, __("Print or Export"));
}
