// The Dunning tab: policy, level, next message, blocks, open items with their levels, and everything that was sent.

import { document_link, day, escape, money } from "../customer_ledger/format";
import CustomerTab from "../customer_ledger/tab";
import { send_now, pause, lift, lift_hold } from "./actions";
import { ask } from "./ask";
import { show_message, show_preview } from "./message";
import { notice_table, status_pill } from "./notices";

export default class CustomerDunning extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_dunning_html",
			kind: "cl-dunning",
			failed: __("The dunning of this customer could not be loaded"),
		});
	}

	ask(args) {
		return ask("customer_dunning", args, "GET");
	}

	html(data) {
		return `
			${toolbar(data)}
			${data.paused ? warning(__("Dunning is paused for the whole site; nothing goes out.")) : ""}
			<div class="cl-figures" role="list">
				${card(__("Policy"), policy_html(data.policy), policy_note(data.policy))}
				${card(__("Level"), String(data.level), level_note(data))}
				${card(__("Next Message"), next_html(coming(data)), next_note(coming(data)))}
				${card(__("Last Message"), last_html(data.history), last_note(data.history))}
			</div>
			${holds_html(data)}
			${blocks_html(data)}
			<div class="cl-card">
				<div class="cl-label">${__("Open Items")}</div>
				${items_html(data.items)}
			</div>
			<div class="cl-card">
				<div class="cl-label">${__("Messages")}</div>
				${notice_table(data.history, __("Nothing has been sent to this customer yet"))}
			</div>`;
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
			message: () => show_message(name),
			preview: () => show_preview(this.data, name),
		};
		actions[action]();
	}
}

function toolbar(data) {
	const { companies, company, may, policy } = data;
	const options = companies.map(
		(name) =>
			`<option value="${escape(name)}" ${name === company ? "selected" : ""}>${escape(
				name
			)}</option>`
	);
	const waiting = ["Planned", "Approved", "Deferred", "Failed"];
	const due = coming(data).some((row) =>
		row.status ? waiting.includes(row.status) : !row.reason && row.on <= data.today
	);
	const can_send = may.send && policy && ["Approve", "Automatic"].includes(policy.mode) && due;
	return `<div class="cl-toolbar">
		<div class="cl-filters">${
			companies.length > 1
				? `<select class="form-control input-sm" data-control="company"
					aria-label="${__("Company")}">${options.join("")}</select>`
				: ""
		}</div>
		<div class="cl-actions">
			${button("refresh", __("Refresh"))}
			${may.block ? button("pause", __("Pause until…")) : ""}
			${can_send ? button("send-now", __("Send Now"), "btn-primary") : ""}
		</div>
	</div>`;
}

function button(action, label, kind = "btn-default") {
	return `<button type="button" class="btn ${kind} btn-sm" data-action="${action}">${escape(
		label
	)}</button>`;
}

function card(label, value, note = "") {
	return `<div class="cl-card cl-figure" role="listitem">
		<div class="cl-label">${label}</div>
		<div class="cl-value">${value}</div>
		<div class="cl-note">${note}</div>
	</div>`;
}

function warning(text) {
	return `<p class="alert alert-warning" role="status">${escape(text)}</p>`;
}

function policy_html(policy) {
	if (!policy) return __("None");
	if (!policy.readable) return escape(policy.title);
	const url = escape(frappe.utils.get_form_link("Dunning Policy", policy.name));
	return `<a href="${url}">${escape(policy.title)}</a>`;
}

function policy_note(policy) {
	if (!policy) return __("This customer is not dunned");
	return {
		Preview: __("Preview: nothing is sent"),
		Approve: __("Sent after approval"),
		Automatic: __("Sent by itself"),
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
	if (going.every((row) => row.status)) return going.map((row) => status_pill(row)).join(" ");
	return going
		.filter((row) => !row.status)
		.map(
			(row) =>
				`<div>${day(row.on)} <button type="button" class="btn btn-xs btn-link"
					data-action="preview" data-name="${escape(row.currency)}">${escape(__(row.step))}</button></div>`
		)
		.join("");
}

function next_note(next) {
	return next
		.map((row) => {
			const amount = money(row.total, row.currency);
			if (row.status) return `${amount}: ${escape(__(row.reason || row.step))}`;
			if (!row.reason) return amount;
			const until = row.until ? ` ${__("until {0}", [day(row.until)])}` : "";
			return `${amount}: ${escape(row.reason)}${until}`;
		})
		.join("<br>");
}

function last_html(history) {
	const last = history.find((row) => row.status === "Sent");
	return last ? day(last.contact_on) : "–";
}

function last_note(history) {
	const last = history.find((row) => row.status === "Sent");
	return last ? escape(`${__(last.step_name)}, ${__(last.channel)}`) : "";
}

function holds_html({ holds, company_currency, may }) {
	return holds
		.map((hold) => {
			const text = __(
				"{0} of {1} holds orders, deliveries and invoices until what it asked for is paid; {2} of it are open.",
				[
					`<b>${escape(__(hold.step))}</b>`,
					day(hold.on),
					money(hold.amount, company_currency),
				]
			);
			const lift_button = may.lift
				? `<button type="button" class="btn btn-default btn-xs" data-action="lift-hold"
					data-name="${escape(hold.notice)}">${__("Lift")}</button>`
				: "";
			return `<p class="alert alert-warning cl-step-hold" role="status">${text} ${lift_button}</p>`;
		})
		.join("");
}

function blocks_html({ blocks, may }) {
	return blocks
		.map((block) => {
			const what = block.sales_invoice ? ` (${block.sales_invoice})` : "";
			const until = block.until
				? __("until {0}", [day(block.until)])
				: __("until it is lifted");
			const details = block.details ? `: ${escape(block.details)}` : "";
			const lift_button = may.block
				? `<button type="button" class="btn btn-default btn-xs" data-action="lift"
					data-name="${escape(block.name)}">${__("Lift")}</button>`
				: "";
			return `<p class="alert alert-warning cl-block" role="status">
				<b>${escape(__(block.reason))}</b>${escape(what)} ${until}${details} ${lift_button}</p>`;
		})
		.join("");
}

function items_html(items) {
	if (!items.length) return `<p class="cl-muted">${__("Nothing is open")}</p>`;
	const rows = items.map(
		(item) => `<tr role="row">
			<td role="cell">${document_link(item)}</td>
			<td role="cell" data-label="${__("Due Date")}">${day(item.due_date)}</td>
			<td role="cell" class="cl-number" data-label="${__("Outstanding")}">${money(
				item.outstanding,
				item.currency
			)}</td>
			<td role="cell" data-label="${__("Level")}">${item.level}${
				item.reached_on ? ` <span class="cl-muted">${day(item.reached_on)}</span>` : ""
			}</td>
			<td role="cell" data-label="${__("Next Step")}">${next_of(item)}</td>
		</tr>`
	);
	return `<table class="cl-plain cl-stacked" role="table">
		<thead role="rowgroup"><tr role="row">
			<th role="columnheader" scope="col">${__("Document")}</th>
			<th role="columnheader" scope="col">${__("Due Date")}</th>
			<th role="columnheader" scope="col" class="cl-number">${__("Outstanding")}</th>
			<th role="columnheader" scope="col">${__("Level")}</th>
			<th role="columnheader" scope="col">${__("Next Step")}</th>
		</tr></thead>
		<tbody role="rowgroup">${rows.join("")}</tbody>
	</table>`;
}

function next_of(item) {
	if (item.held) return `<span class="indicator-pill yellow">${escape(item.held)}</span>`;
	if (!item.next_step) return `<span class="cl-muted">${__("None")}</span>`;
	return `${escape(__(item.next_step))} <span class="cl-muted">${day(item.next_on)}</span>`;
}
