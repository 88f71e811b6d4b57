// The Dunning tab: policy, level, next message, blocks, open items with their levels, and everything that was sent.

import { amount_due_card } from "../shared/amount_due";
import CustomerTab from "../shared/customer_tab";
import { day, document_link, form_link, money, muted, pill } from "../shared/format";
import { fill, html, joined } from "../shared/html";
import {
	button,
	card,
	company_select,
	figure,
	small_button,
	table,
	toolbar,
} from "../shared/pieces";
import { send_now, pause, lift, lift_hold } from "./actions";
import { show_message, show_preview } from "./message";
import { notice_table, notice_status } from "./notices";

export default class CustomerDunning extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_dunning_html",
			kind: "cl-dunning",
			method: "client_ledger.dunning.api.customer_dunning",
			failed: __("The dunning data of this customer could not be loaded"),
		});
	}

	html(data) {
		const { policy, history } = data;
		const next = coming(data);
		const nothing = __("No notices sent to this customer yet");
		const paused = __("Dunning is paused for the whole site. No notices are sent.");
		return html`${toolbar(company_select(data), actions(data))}
			${data.paused ? warning(paused) : ""}
			<div class="cl-figures" role="list">
				${figure(__("Policy"), policy_html(policy), policy_note(policy))}
				${figure(__("Level"), data.level, level_note(data))}
				${figure(__("Next Notice"), next_html(next), next_note(next))}
				${figure(__("Last Notice"), last_html(history), last_note(history))}
			</div>
			${data.holds.map((hold) => hold_html(hold, data))}
			${data.blocks.map((block) => block_html(block, data))}
			${amount_due_card(data.due)}
			${card(__("Open Items"), items_html(data.items))}
			${card(__("Notices"), notice_table(history, nothing))}`;
	}

	act(button) {
		const { action, name } = button.dataset;
		const reload = () => this.load();
		const actions = {
			refresh: reload,
			"send-now": () => send_now(this.data, reload),
			pause: () => pause(this.data, reload),
			lift: () => lift(name, reload),
			"lift-hold": () => lift_hold(name, reload),
			message: () => show_message(name, reload),
			preview: () => show_preview(this.data, name),
		};
		actions[action]();
	}
}

function actions(data) {
	const { may, policy } = data;
	const waiting = ["Planned", "Approved", "Deferred", "Failed"];
	const due = coming(data).some((row) =>
		row.status ? waiting.includes(row.status) : !row.reason && row.on <= data.today
	);
	const can_send = may.send && policy && ["Approve", "Automatic"].includes(policy.mode) && due;
	return [
		button("refresh", __("Refresh")),
		may.block ? button("pause", __("Pause Until…")) : "",
		can_send ? button("send-now", __("Send Now"), { kind: "btn-primary" }) : "",
	];
}

function warning(content, kind = "") {
	return html`<p class="alert alert-warning ${kind}" role="status">${content}</p>`;
}

function policy_html(policy) {
	if (!policy) return __("None");
	if (!policy.readable) return policy.title;
	return form_link("Dunning Policy", policy.name, policy.title);
}

function policy_note(policy) {
	if (!policy) return __("No dunning policy applies to this customer");
	return {
		Preview: __("Preview: notices are not sent"),
		Approve: __("Sent after approval"),
		Automatic: __("Sent automatically"),
	}[policy.mode];
}

function level_note({ policy }) {
	const levels = policy ? policy.steps.filter((step) => step.level).length : 0;
	return levels ? __("of {0} levels", [levels]) : "";
}

/** What is on its way already stands for its currency; nothing else is planned in it meanwhile. */
function coming({ next, under_way }) {
	const busy = new Set(under_way.map((row) => row.currency));
	return under_way
		.map((row) => ({ ...row, step: row.step_name }))
		.concat(next.filter((row) => !busy.has(row.currency)));
}

function next_html(next) {
	const going = next.filter((row) => row.status || !row.reason);
	if (!going.length) return next.length ? __("None") : "–";
	if (going.every((row) => row.status)) return joined(going.map(notice_status), " ");
	return going.filter((row) => !row.status).map(planned_html);
}

function planned_html({ on, currency, step }) {
	const preview = small_button("preview", __(step), { name: currency }, "btn-link");
	return html`<div>${day(on)} ${preview}</div>`;
}

function next_note(next) {
	return joined(next.map(note_of));
}

function note_of({ total, currency, status, reason, step, until }) {
	const amount = money(total, currency);
	if (status) return `${amount}: ${__(reason || step)}`;
	if (!reason) return amount;
	return `${amount}: ${reason}${until ? ` ${__("until {0}", [day(until)])}` : ""}`;
}

function last_html(history) {
	const last = history.find((row) => row.status === "Sent");
	return last ? day(last.contact_on) : "–";
}

function last_note(history) {
	const last = history.find((row) => row.status === "Sent");
	return last ? `${__(last.step_name)}, ${__(last.channel)}` : "";
}

function hold_html(hold, { company_currency, may }) {
	const sentence = __(
		"Dunning step {0} of {1} holds orders, deliveries and invoices until its invoices are paid; {2} outstanding."
	);
	const text = fill(sentence, [
		html`<b>${__(hold.step)}</b>`,
		day(hold.on),
		money(hold.amount, company_currency),
	]);
	const lift = may.lift ? small_button("lift-hold", __("Lift Hold"), { name: hold.notice }) : "";
	return warning(html`${text} ${lift}`, "cl-step-hold");
}

function block_html({ name, reason, sales_invoice, until, details }, { may }) {
	const lift = may.block ? small_button("lift", __("Lift Block"), { name }) : "";
	return warning(
		html`<b>${__(reason)}</b>${sales_invoice ? ` (${sales_invoice})` : ""}
			${until ? __("until {0}", [day(until)]) : __("until lifted")}${
				details ? `: ${details}` : ""
			} ${lift}`,
		"cl-block"
	);
}

function items_html(items) {
	return table(
		[
			[__("Document", null, "Client Ledger")],
			[__("Due Date")],
			[__("Outstanding"), "cl-number"],
			[__("Level")],
			[__("Next Step")],
		],
		items.map((item) => [
			document_link(item),
			day(item.due_date),
			money(item.outstanding, item.currency),
			html`${item.level} ${item.reached_on ? muted(day(item.reached_on)) : ""}`,
			next_of(item),
		]),
		__("No open items")
	);
}

function next_of({ held, next_step, next_on }) {
	if (held) return pill(held, "yellow");
	if (!next_step) return muted(__("None"));
	return html`${__(next_step)} ${muted(day(next_on))}`;
}
