// The Collections tab: stage, owner, next action, promises, disputes and contacts of a customer, with what one can do.

import { day, escape, money } from "../customer_ledger/format";
import CustomerTab from "../customer_ledger/tab";
import { ask } from "./ask";
import * as dialogs from "./dialogs";
import * as lists from "./lists";

export default class CustomerCollections extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_collections_html",
			kind: "cl-collections",
			failed: __("The collections of this customer could not be loaded"),
		});
	}

	ask(args) {
		return ask("customer_collections", args, "GET");
	}

	html(data) {
		return html_of(data);
	}

	act(button) {
		run(button.dataset, this.data, () => this.load());
	}
}

/** Carry out what a button of the tab or of the worklist asks for. */
export function run({ action, name, followUp: follow_up, outcome }, who, done) {
	const actions = {
		refresh: done,
		log: () => dialogs.log_contact(who, { follow_up, outcome }, done),
		promise: () => dialogs.take_promise(who, { follow_up }, done),
		dispute: () => dialogs.open_dispute(who, { follow_up }, done),
		plan: () => dialogs.plan_follow_up(who, done),
		statement: () => dialogs.send_statement(who, done),
		settle: () => dialogs.settle_dispute(name, done),
		"cancel-promise": () => dialogs.cancel_promise(name, done),
		"hand-over": () => new_document("Escalation Case", who),
		"write-off": () => new_document("Write Off Request", who),
	};
	if (actions[action]) actions[action]();
}

/** Open a new document about what is overdue. */
function new_document(doctype, { customer, company, items }) {
	const overdue = items.filter((item) => item.days > 0);
	const rows = overdue.map((item) => ({
		voucher_type: item.doctype,
		voucher_no: item.name,
		payment_term: item.payment_term,
	}));
	dialogs.open_new(doctype, { customer, company }, rows);
}

function html_of(data) {
	const { may } = data;
	return `${toolbar(data)}
		<div class="cl-figures" role="list">
			${card(__("Stage"), escape(__(data.stage)), data.owner ? escape(data.owner) : __("No owner"))}
			${card(__("Today"), on_list(data.worklist), reasons(data.worklist))}
			${card(__("Overdue"), money(data.overdue, data.currency), chased(data))}
			${card(__("Last Contact"), day(data.last_contact_on) || __("Never"), who_to_call(data.contact))}
			${card(__("Reliability of Promises"), reliability(data), number(data))}
		</div>
		${section(__("Next Actions"), lists.planned_table(data.planned, may))}
		${section(__("Open Items"), lists.items_table(data.items))}
		${section(__("Promises"), lists.promises_table(data.promises, may))}
		${section(__("Disputes"), lists.disputes_table(data.disputes, may))}
		${section(__("Contacts"), lists.history_table(data.history))}
		${section(__("Hand-over and Write-off"), lists.cases_table(data.cases))}`;
}

function section(label, html) {
	return `<div class="cl-card"><div class="cl-label">${label}</div>${html}</div>`;
}

function card(label, value, note) {
	return `<div class="cl-card cl-figure" role="listitem"><div class="cl-label">${label}</div>
		<div class="cl-value">${value}</div><div class="cl-note">${note || ""}</div></div>`;
}

function on_list({ points, off }) {
	return off ? __("No call needed") : __("{0} points", [points]);
}

function reasons({ reasons, off }) {
	if (off) return escape(off);
	return reasons.map((reason) => escape(reason.text)).join("<br>");
}

function chased({ promised, disputed, handed_over, currency }) {
	const parts = [];
	if (promised) parts.push(`${__("Promised")}: ${money(promised, currency)}`);
	if (disputed) parts.push(`${__("In Dispute")}: ${money(disputed, currency)}`);
	if (handed_over) parts.push(`${__("Handed Over")}: ${money(handed_over, currency)}`);
	return parts.join("<br>");
}

export function who_to_call({ full_name, email, mobile }) {
	const parts = [];
	if (full_name) parts.push(escape(full_name));
	if (mobile) parts.push(`<a href="tel:${escape(mobile)}">${escape(mobile)}</a>`);
	if (email) parts.push(`<a href="mailto:${escape(email)}">${escape(email)}</a>`);
	return parts.join("<br>");
}

function reliability({ reliability: { score } }) {
	return score === null ? "–" : `${Math.round(score)} %`;
}

function number({ reliability: { number, broken } }) {
	return `n = ${number}${broken ? `, ${__("{0} broken", [broken])}` : ""}`;
}

function toolbar({ companies, company, may }) {
	const choices = companies.map(
		(name) =>
			`<option value="${escape(name)}" ${name === company ? "selected" : ""}>${escape(
				name
			)}</option>`
	);
	const big = (action, label, kind = "btn-default") =>
		`<button type="button" class="btn ${kind} btn-sm" data-action="${action}">${label}</button>`;
	return `<div class="cl-toolbar">
		<div class="cl-filters">${
			companies.length > 1
				? `<select class="form-control input-sm" data-control="company"
					aria-label="${__("Company")}">${choices.join("")}</select>`
				: ""
		}</div>
		<div class="cl-actions">
			${big("refresh", __("Refresh"))}
			${may.escalate ? big("hand-over", __("Hand Over")) : ""}
			${may.write_off ? big("write-off", __("Write Off")) : ""}
			${may.work ? big("statement", __("Send Statement")) : ""}
			${may.work ? big("plan", __("Plan a Follow-up")) : ""}
			${may.work ? big("dispute", __("Open a Dispute")) : ""}
			${may.work ? big("promise", __("Take a Promise")) : ""}
			${may.work ? big("log", __("Log a Contact"), "btn-primary") : ""}
		</div></div>`;
}
