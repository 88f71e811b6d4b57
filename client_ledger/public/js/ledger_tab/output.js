// Print, PDF and Excel: the whole ledger for the filters chosen, made by the server.

import { joined, raw } from "../shared/html";

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
		primary_action({ kind, from_date, as_of }) {
			dialog.hide();
			output(kind, { ...filters, open_only: 0, as_of, from_date });
		},
	});
	dialog.show();
}

export function output(kind, filters) {
	const args = { ...filters, file_format: kind === "pdf" ? "pdf" : "html" };
	if (kind === "xlsx") delete args.file_format;
	Object.keys(args).forEach((key) => args[key] || delete args[key]);
	const url = `/api/method/${METHODS[kind]}?${$.param(args)}`;
	if (kind === "print") {
		window.open(url, "_blank");
		return Promise.resolve();
	}
	return download(url, `${filters.customer}-${filters.as_of}.${kind}`);
}

/** Fetch a file, so that what goes wrong can be said here rather than in an empty window. */
async function download(url, fallback_name) {
	frappe.dom.freeze(__("Preparing the file…"));
	try {
		const answer = await fetch(url, { headers: { Accept: "application/json, */*" } });
		if (!answer.ok) return show_failure(answer);
		save(await answer.blob(), file_name(answer) || fallback_name);
	} catch {
		frappe.msgprint({
			message: __("The file could not be created. Try again."),
			indicator: "red",
		});
	} finally {
		frappe.dom.unfreeze();
	}
}

function file_name(answer) {
	const match = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "");
	return match && match[1];
}

function save(blob, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function show_failure(answer) {
	let messages = [];
	try {
		messages = JSON.parse((await answer.json())._server_messages).map(
			(text) => JSON.parse(text).message
		);
	} catch {
		messages = [__("The file could not be created. Try again.")];
	}
	frappe.msgprint({
		// Frappe's messages may have tags of their own, as in any dialog of its.
		message: String(joined(messages.map(raw))),
		title: __("Print or Export"),
		indicator: "red",
	});
}
