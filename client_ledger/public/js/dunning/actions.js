// What can be done about a customer's dunning: write now, pause until a day, lift a block or a hold.

import { ask, attempt } from "../shared/ask";
import { money } from "../shared/format";
import { html, joined } from "../shared/html";
import { letter_frame } from "../shared/letter";

const REASONS = [
	"Dispute",
	"Promise to Pay",
	"Payment Plan",
	"Goodwill",
	"Our Error",
	"Insolvency",
	"Opted Out",
	"Other",
];

/** Write to the customer now, once whoever sends it has seen what goes out, to whom and how much it asks for. */
export async function send_now(data, done) {
	const rows = data.under_way.length
		? data.under_way
		: data.next.filter((row) => !row.reason && row.on <= data.today);
	let letters;
	const shown = await attempt(async () => {
		letters = await Promise.all(rows.map((row) => letter_of(data, row)));
	});
	if (!shown) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Send this notice now?"),
		size: "large",
		primary_action_label: __("Send Now"),
		async primary_action() {
			dialog.disable_primary_action();
			let sent;
			const { customer, company } = data;
			const method = "client_ledger.dunning.api.customer_send_now";
			const done_it = await attempt(async () => {
				sent = await ask(method, { customer, company }, "POST", { freeze: true });
			});
			dialog.enable_primary_action();
			if (!done_it) return;
			dialog.hide();
			frappe.msgprint({ title: __("Send Now"), message: String(results(sent)) });
			done();
		},
	});
	dialog.$body.html(
		String(html`<div class="cl-letters">${rows.map(letter_head(letters))}</div>`)
	);
	letters.forEach(({ message }, i) =>
		letter_frame(dialog.$body.find(`[data-letter=${i}]`), message)
	);
	dialog.show();
}

/** A notice that is under way has its own message, planned or not; else what would be written today. */
function letter_of({ customer, company }, { name, currency }) {
	return name
		? ask("client_ledger.outbox.api.notice_message", { name }, "GET")
		: ask(
				"client_ledger.dunning.api.customer_message",
				{ customer, company, currency },
				"GET"
		  );
}

const letter_head = (letters) => (row, i) => html`<div class="cl-letter">
	<p><b>${__(row.step_name || row.step)}: ${money(row.total, row.currency)}</b></p>
	<p><span class="text-muted">${__("Recipients")}</span> ${letters[i].to || __("No Address")}</p>
	<p><b>${letters[i].subject}</b></p>
	<div data-letter="${i}"></div></div>`;

function results(rows) {
	if (!rows.length) return html`${__("Nothing is due from this customer today.")}`;
	return joined(rows.map(result));
}

function result({ status, reason, reason_detail, deferred_until }) {
	const detail = [reason && __(reason), reason_detail].filter(Boolean).join(", ");
	const until = deferred_until
		? ` (${__("not before {0}", [frappe.datetime.str_to_user(deferred_until)])})`
		: "";
	return `${__(status)}${detail ? `: ${detail}` : ""}${until}`;
}

/** Block the customer's dunning until a day, with a reason. */
export function pause(data, done) {
	const dialog = new frappe.ui.Dialog({
		title: __("Pause Dunning"),
		fields: [
			{
				fieldname: "until",
				fieldtype: "Date",
				label: __("Until"),
				reqd: 1,
				default: frappe.datetime.add_days(data.today, 7),
			},
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Reason"),
				options: REASONS.map((value) => ({ value, label: __(value) })),
				reqd: 1,
			},
			{ fieldname: "details", fieldtype: "Small Text", label: __("Details") },
		],
		primary_action_label: __("Pause"),
		async primary_action({ until, reason, details }) {
			await ask("client_ledger.dunning.api.customer_pause", {
				customer: data.customer,
				company: data.company,
				until,
				reason,
				details: details || "",
			});
			dialog.hide();
			done();
		},
	});
	dialog.show();
}

/** Lift the hold that a step has put on the customer's documents, for a reason. */
export function lift_hold(name, done) {
	frappe.prompt(
		{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		async ({ why }) => {
			await ask("client_ledger.dunning.api.lift_holds", { names: [name], why });
			done();
		},
		__("Lift Hold"),
		__("Lift Hold")
	);
}

export async function lift(name, done) {
	await ask("client_ledger.dunning.api.lift_block", { name });
	done();
}
