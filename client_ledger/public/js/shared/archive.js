// What can be done about archives, from their lists and forms.

import { ask } from "./ask";
import { download } from "./download";
import { html } from "./html";
import { prompt } from "./prompt";

const CHECKERS = ["Accounts Manager", "Auditor", "System Manager"];
const KEEPERS = ["Accounts Manager", "System Manager"];
const HOLD = "client_ledger.archive.api.set_legal_hold";
const LIFT = "client_ledger.archive.api.lift_legal_hold";

const has_one_of = (roles) => roles.some((role) => frappe.user_roles.includes(role));

export const may_check = () => has_one_of(CHECKERS);
export const may_keep = () => has_one_of(KEEPERS);
export { download };

export function verify(company, done) {
	if (!company) return choose_company(__("Verify Archive"), (chosen) => verify(chosen, done));
	frappe.dom.freeze(__("Checking the archive…"));
	return ask("client_ledger.archive.api.verify_archive", { company })
		.then((found) => {
			show(company, found);
			done?.();
		})
		.finally(() => frappe.dom.unfreeze());
}

function show(company, { queued, entries, pending, count, findings }) {
	if (queued) {
		frappe.show_alert(__("The archive is checked in the background; see Archive Chain."));
		return;
	}
	const lines = (findings || []).map((line) => html`<li>${line}</li>`);
	const said = count
		? __("{0} findings in {1} entries.", [count, entries])
		: __("Nothing was changed, removed or inserted: {0} entries.", [entries]);
	const waits = pending ? __("{0} entries are not chained yet.", [pending]) : "";
	frappe.msgprint({
		title: `${__("Verify Archive")}: ${frappe.utils.escape_html(company)}`,
		indicator: count ? "red" : "green",
		message: String(
			html`<p>${said} ${waits}</p>${lines.length ? html`<ul>${lines}</ul>` : ""}`
		),
	});
}

export function export_dialog(company) {
	prompt({
		title: __("Export Archive"),
		label: __("Export"),
		fields: [
			{ ...company_field(), default: company },
			{
				fieldname: "customer",
				fieldtype: "Link",
				options: "Customer",
				label: __("Customer"),
			},
			{ fieldname: "from_date", fieldtype: "Date", label: __("From Date") },
			{ fieldname: "to_date", fieldtype: "Date", label: __("To Date") },
		],
		send: (values) => ask("client_ledger.archive.api.export_archive", values),
		done: () =>
			frappe.show_alert({
				message: __(
					"The archive is being exported; a notification will lead to the file."
				),
				indicator: "green",
			}),
	});
}

export function change_hold(names, held, done) {
	if (!names.length) return;
	prompt({
		title: held ? __("Legal Hold") : __("Lift Legal Hold"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ why }) => ask(held ? HOLD : LIFT, { names, why }),
		done: () => done(),
	});
}

export async function purge_dialog(company, done) {
	if (!company) {
		return choose_company(__("Purge Expired"), (chosen) => purge_dialog(chosen, done));
	}
	const number = await ask("client_ledger.archive.api.count_expired", { company }, "GET");
	if (!number) {
		frappe.msgprint(
			__("No entry of {0} is past its retention.", [frappe.utils.escape_html(company)])
		);
		return;
	}
	prompt({
		title: __("Purge Expired"),
		label: __("Purge"),
		fields: [
			{
				fieldname: "note",
				fieldtype: "HTML",
				options: String(
					html`<p>${__(
						"The content and files of {0} entries of {1} are deleted for good. Their hashes stay.",
						[number, company]
					)}</p>`
				),
			},
			{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		],
		send: ({ why }) => ask("client_ledger.archive.api.purge_expired", { company, why }),
		done(purged) {
			frappe.show_alert(__("{0} entries purged.", [purged]));
			done();
		},
	});
}

function company_field() {
	return {
		fieldname: "company",
		fieldtype: "Link",
		options: "Company",
		label: __("Company"),
		reqd: 1,
	};
}

function choose_company(title, done) {
	prompt({
		title,
		label: __("Continue"),
		fields: company_field(),
		send: ({ company }) => company,
		done,
	});
}
