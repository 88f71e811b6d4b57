// The Collections tab: stage, owner, next action, promises, disputes and contacts of a customer, with what one can do.

import { amount_due_card } from "../shared/amount_due";
import CustomerTab from "../shared/customer_tab";
import { day, money } from "../shared/format";
import { html, joined } from "../shared/html";
import { button, card, company_select, figure, toolbar } from "../shared/pieces";
import { announce_payment, withdraw_advice } from "../receipts/advices";
import * as dialogs from "./dialogs";
import * as lists from "./lists";
import { send_statement } from "../statements/one";
import { ask } from "../shared/ask";
import { run_warning, warnings_card } from "../warnings/customer_card";

export default class CustomerCollections extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_collections_html",
			kind: "cl-collections",
			method: "client_ledger.collections.api.customer_collections",
			failed: __("The collections data of this customer could not be loaded"),
		});
	}

	html(data) {
		this.load_warnings(data);
		return tab_html(data);
	}

	/** Early warnings come by a question of their own: their card is filled when the answer is there. */
	async load_warnings({ customer, company }) {
		if (!frappe.model.can_read("Early Warning")) return;
		this.warnings = await ask(
			"client_ledger.early_warnings.api.customer_warnings",
			{ customer, company },
			"GET"
		);
		if (this.data.customer !== customer || this.data.company !== company) return;
		this.$root.find("[data-part=warnings]").html(String(warnings_card(this.warnings)));
	}

	act(button) {
		const done = () => this.load();
		if (run_warning(button.dataset, this.warnings || [], this.customer, done)) return;
		run(button.dataset, this.data, () => this.load());
	}
}

/** Carry out what a button of the tab or of the worklist asks for; done: called when it is done, of a contact with its
 * follow-up and outcome. notes: written already. */
export function run({ action, name, followUp: follow_up, outcome }, who, done, { notes } = {}) {
	const actions = {
		refresh: () => done(),
		log: () => dialogs.log_contact(who, { follow_up, outcome, notes }, done),
		promise: () => dialogs.take_promise(who, { follow_up }, done),
		dispute: () => dialogs.open_dispute(who, { follow_up }, done),
		announce: () => announce_payment(who, done),
		"withdraw-advice": () => withdraw_advice(name, done),
		plan: () => dialogs.plan_follow_up(who, done),
		statement: () => send_statement(who, () => done()),
		settle: () => dialogs.settle_dispute(name, done),
		"cancel-promise": () => dialogs.cancel_promise(name, done),
		"hand-over": () => dialogs.open_new("Escalation Case", who),
		"write-off": () => dialogs.open_new("Write Off Request", who),
	};
	if (actions[action]) actions[action]();
}

function tab_html(data) {
	const { may } = data;
	return html`${toolbar(company_select(data), actions(may))}
		<div class="cl-figures" role="list">
			${figure(__("Stage"), __(data.stage), data.owner || __("Not Assigned"))}
			${figure(__("Today"), on_list(data.worklist), reasons(data.worklist))}
			${figure(__("Overdue"), money(data.overdue, data.currency), chased(data))}
			${figure(
				__("Last Contact"),
				day(data.last_contact_on) || __("Never Contacted"),
				who_to_call(data.contact)
			)}
			${figure(__("Promise Reliability"), reliability(data), number(data))}
		</div>
		<div data-part="warnings"></div>
		${amount_due_card(data.due)}
		${card(__("Next Actions"), lists.planned_table(data.planned, may))}
		${card(__("Open Items"), lists.items_table(data.items))}
		${card(__("Promises"), lists.promises_table(data.promises, may))}
		${announced_card(data)}
		${card(__("Disputes"), lists.disputes_table(data.disputes, may))}
		${card(__("Contact Log"), lists.history_table(data.history))}
		${card(__("Referral and Write Off"), lists.cases_table(data.cases))}`;
}

/** Only where there are any: most customers announce nothing. */
function announced_card({ advices, receipts, may }) {
	return joined(
		[
			advices.length && card(__("Payments Announced"), lists.advices_table(advices, may)),
			receipts.length &&
				card(__("Receipts without Invoice"), lists.receipts_table(receipts)),
		].filter(Boolean),
		""
	);
}

function on_list({ points, off }) {
	return off ? __("No Call Needed") : __("{0} points", [points]);
}

function reasons({ reasons, off }) {
	return off || joined(reasons.map((reason) => reason.text));
}

function chased({ promised, disputed, handed_over, currency }) {
	return joined(
		[
			promised && `${__("Promised")}: ${money(promised, currency)}`,
			disputed && `${__("In Dispute")}: ${money(disputed, currency)}`,
			handed_over && `${__("Referred")}: ${money(handed_over, currency)}`,
		].filter(Boolean)
	);
}

/** The contact's name, numbers and address to click on; nothing where there is no contact. */
export function who_to_call({ full_name, email, mobile, phone }) {
	const numbers = [...new Set([mobile, phone].filter(Boolean))];
	if (!full_name && !email && !numbers.length) return "";
	return joined([
		full_name,
		...numbers.map((number) => html`<a href="tel:${number}">${number}</a>`),
		email && html`<a href="mailto:${email}">${email}</a>`,
	]);
}

function reliability({ reliability: { score } }) {
	return score === null ? "–" : `${format_number(score, null, 0)} %`;
}

function number({ reliability: { number, broken } }) {
	if (!number) return __("No promises to pay yet");
	return `n = ${number}${broken ? `, ${__("{0} broken", [broken])}` : ""}`;
}

function actions(may) {
	return [
		button("refresh", __("Refresh")),
		may.escalate && button("hand-over", __("Create Escalation Case")),
		may.write_off && button("write-off", __("Write Off", null, "Client Ledger")),
		may.work && button("statement", __("Send Statement")),
		may.work && button("plan", __("Plan Follow Up")),
		may.work && button("dispute", __("Record Dispute")),
		may.work && button("promise", __("Record Promise to Pay")),
		may.announce && button("announce", __("Record Announced Payment")),
		may.work && button("log", __("Log Contact"), { kind: "btn-primary" }),
	].filter(Boolean);
}
