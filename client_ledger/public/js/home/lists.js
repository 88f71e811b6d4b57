// What to do now: a short list of each kind with what can be done about it; kinds with nothing to do share one line.

import { cancel_promise, settle_dispute } from "../collections/dialogs";
import { approve_request, reject_hold, release_hold } from "../credit/decisions";
import { day, form_link, money } from "../shared/format";
import { html, joined } from "../shared/html";
import { button } from "../shared/pieces";
import * as warnings from "../warnings/actions";
import { reason_of } from "../shared/reasons";

const COLLECTIONS_TAB = "cl_collections_tab";
const WITHOUT_INVOICE = ["Proposed", "Without Invoice", "Declined"];
const RUNNING_DISPUTES = ["Open", "In Review"];

/** Each list: its title, how a row reads, and where all of it stands. */
const LISTS = {
	to_call: {
		title: () => __("Customers to Call"),
		row: call_html,
		open: ({ company }) => [["collection-worklist"], { company }],
	},
	holds: {
		title: () => __("Credit Holds"),
		row: hold_html,
		open: (data) => [["List", "Credit Hold"], in_company(data, { status: "On Hold" })],
	},
	limits: {
		title: () => __("Limits to Approve"),
		row: limit_html,
		open: (data) => [
			["List", "Credit Limit"],
			in_company(data, { workflow_state: "Pending Approval" }),
		],
	},
	notices: {
		title: () => __("Dunning Notices"),
		row: notice_html,
		open: ({ company }) => [["dunning-exceptions"], { company }],
	},
	statements: {
		title: () => __("Statements of Account"),
		row: notice_html,
		open: ({ company }) => [["dunning-exceptions"], { company }],
	},
	confirmations: {
		title: () => __("Balance Confirmations"),
		row: notice_html,
		open: (data) => [
			["List", "Balance Confirmation"],
			in_company(data, {
				status: ["in", "Planned,Awaiting Reply,Under Review,Differences"],
			}),
		],
	},
	promises: {
		title: () => __("Promises Due"),
		row: promise_html,
		open: (data) => [
			["List", "Promise to Pay"],
			in_company(data, {
				status: "Open",
				next_due: ["<=", frappe.datetime.get_today()],
			}),
		],
	},
	disputes: {
		title: () => __("Open Disputes"),
		row: dispute_html,
		open: (data) => [
			["List", "Ledger Dispute"],
			in_company(data, { status: ["in", RUNNING_DISPUTES.join(",")] }),
		],
	},
	warnings: {
		title: () => __("Early Warnings"),
		row: warning_html,
		open: (data) => [
			["List", "Early Warning"],
			in_company(data, {
				status: "Open",
				...(data.lists.warnings.own ? { responsible: frappe.session.user } : {}),
			}),
		],
	},
	period_checks: {
		title: () => __("Period Checks"),
		row: check_list_html,
		open: (data) => [
			["List", "Receivables Check List"],
			in_company(data, { status: ["!=", "Approved"] }),
		],
	},
	receipts: {
		title: () => __("Receipts without Invoice"),
		row: receipt_html,
		open: (data) => [
			["List", "Receipt Proposal"],
			in_company(data, { status: ["in", WITHOUT_INVOICE.join(",")] }),
		],
	},
	controls: {
		title: () => __("Findings of Controls"),
		row: finding_html,
		open: (data) => [
			["List", "Control Finding"],
			in_company(data, { status: ["in", "Open,In Progress"] }),
		],
	},
	kpis: {
		title: () => __("Changed Month Ends"),
		row: month_end_html,
		open: (data) => [["List", "KPI Month End"], in_company(data, { status: "Changed" })],
	},
	archive: {
		title: () => __("Archive Findings"),
		row: archive_html,
		open: (data) => [["List", "Archive Chain"], in_company(data, { status: "Findings" })],
	},
	procedures: {
		title: () => __("Procedures to Read"),
		row: procedure_html,
		open: () => [["List", "Procedure"], { in_force: 1 }],
	},
	duties: {
		title: () => __("Conflicts of Duties"),
		row: duty_html,
		open: () => [["query-report", "Duty Conflicts"], { view: "Who Could Do Both" }],
	},
	trials: {
		title: () => __("Trials with a Result"),
		row: trial_html,
		open: (data) => [["List", "Step Trial"], in_company(data, { status: "Running" })],
	},
};

function in_company({ company }, options) {
	return company ? { ...options, company } : options;
}

export function lists_html(data) {
	const shown = Object.keys(LISTS).filter((name) => data.lists[name]);
	const waiting = shown.filter((name) => data.lists[name].total);
	const idle = shown.filter((name) => !data.lists[name].total);
	if (!shown.length) return "";
	return html`<section aria-labelledby="cl-home-now">
		<h3 class="cl-home-title" id="cl-home-now">${__("What to Do Now")}</h3>
		<div class="cl-home-lists">${waiting.map((name) => list_html(name, data))}</div>
		${idle.length ? idle_html(idle, waiting.length) : ""}</section>`;
}

function list_html(name, data) {
	const { total, amounts, rows } = data.lists[name];
	const { title, row } = LISTS[name];
	return html`<div class="cl-card cl-home-list" data-list="${name}">
		<div class="cl-home-list-head">
			<h4>${title()} ${count(total)}</h4>
			<span class="cl-muted cl-number">${sums_text(amounts, data)}</span>
		</div>
		<ul>${rows.map((one, i) => row(one, data, name, i))}</ul>
		<div class="cl-home-list-foot">${button("open", __("Show All"), {
			data: { list: name },
			kind: "btn-default cl-quiet",
			named: `${__("Show All")}: ${title()}`,
		})}</div>
	</div>`;
}

function idle_html(names, some) {
	const titles = names.map((name) => LISTS[name].title());
	const text = some
		? __("Nothing waiting: {0}", [titles.join(" · ")])
		: __("All done. Nothing is waiting for you: {0}", [titles.join(" · ")]);
	return html`<p class="cl-home-idle">${text}</p>`;
}

/** An amount per currency, that of the user's company first. */
function sums_text(amounts, { currencies }) {
	const place = ({ currency }) => currencies.indexOf(currency);
	return amounts
		.filter(({ amount }) => amount)
		.sort((one, other) => place(one) - place(other))
		.map(({ amount, currency }) => money(amount, currency))
		.join(" · ");
}

function count(number) {
	return html`<span class="cl-count">${number}</span>`;
}

// --- rows ---

function item(link, details, amount, buttons = "") {
	const said = joined(details.filter(Boolean), " · ");
	return html`<li class="cl-home-item">
		<div class="cl-home-what">${link}${
			details.length ? html`<div class="cl-muted">${said}</div>` : ""
		}</div>
		<div class="cl-number">${amount}</div>
		${buttons ? html`<div class="cl-home-buttons">${buttons}</div>` : ""}</li>`;
}

/** A button for what is done about the row *i* of a list. */
function action(name, label, row, list, i) {
	return button(name, label, { data: { list, row: i }, named: `${label}: ${name_of(row)}` });
}

const name_of = ({ customer, customer_name }) => customer_name || customer;

/** The company of a row, where rows of several are shown. */
function company_of(row, data) {
	return data.company || data.companies.length < 2 ? "" : row.company;
}

function call_html(row, data) {
	const reasons = [...new Set(row.reasons.map(({ text }) => text))].slice(0, 3);
	const url = `${frappe.utils.get_form_link("Customer", row.customer)}#${COLLECTIONS_TAB}`;
	const link = html`<a href="${url}" data-action="customer" data-customer="${
		row.customer
	}">${name_of(row)}</a>`;
	return item(link, [...reasons, company_of(row, data)], money(row.to_chase, row.currency));
}

function hold_html(row, data, list, i) {
	const at = { list, row: i };
	const label = (text) => `${text}: ${row.reference_name}`;
	return item(
		form_link("Credit Hold", row.name, name_of(row)),
		[
			`${__(row.reference_doctype)} ${row.reference_name}`,
			...row.rules,
			__("since {0}", [day(row.held_on.slice(0, 10))]),
			company_of(row, data),
		],
		money(row.amount, row.currency),
		row.may_decide &&
			html`${button("release", __("Release"), { data: at, named: label(__("Release")) })}
			${button("reject", __("Reject"), { data: at, named: label(__("Reject")) })}`
	);
}

function limit_html(row, data, list, i) {
	const before =
		row.previous_limit === null || row.previous_limit === undefined
			? ""
			: __("now {0}", [money(row.previous_limit, row.currency)]);
	return item(
		form_link(row.doctype, row.name, name_of(row)),
		[
			__(row.limit_type),
			before,
			row.reason,
			__("requested by {0}", [row.requested_by]),
			company_of(row, data),
		],
		money(row.amount, row.currency),
		row.may_approve && action("approve", __("Approve"), row, list, i)
	);
}

function notice_html({ reason, failed, total, amounts }, data) {
	const text = html`<span class="${failed ? "cl-worse" : ""}">${reason}</span>`;
	return item(html`${text} ${count(total)}`, [], sums_text(amounts, data));
}

function promise_html(row, data, list, i) {
	return item(
		form_link("Promise to Pay", row.name, name_of(row)),
		[__("due {0}", [day(row.next_due)]), company_of(row, data)],
		money(row.amount, row.currency),
		joined([
			button("customer", __("Open Customer"), {
				data: { customer: row.customer },
				named: `${__("Open Customer")}: ${name_of(row)}`,
			}),
			row.may_cancel ? action("cancel-promise", __("Cancel Promise"), row, list, i) : "",
		])
	);
}

function warning_html(row, data, list, i) {
	const severity = html`<span class="${row.severity === "High" ? "cl-worse" : ""}">${__(
		row.severity
	)}</span>`;
	return item(
		form_link("Early Warning", row.name, name_of(row) || row.company),
		[severity, __(row.signal_name), reason_of(row), company_of(row, data)],
		row.amount ? money(row.amount, row.currency) : "",
		joined([
			action("act-on-warning", __("Act", null, "Client Ledger"), row, list, i),
			action("snooze-warning", __("Snooze"), row, list, i),
		])
	);
}

function check_list_html(row, data) {
	const state = row.changed
		? html`<span class="cl-worse">${__("figures have changed")}</span>`
		: __(row.status, null, "Receivables Check List");
	const due = html`<span class="${row.late ? "cl-worse" : ""}">${__("due {0}", [
		day(row.due_date),
	])}</span>`;
	return item(
		form_link("Receivables Check List", row.name, `${__(row.period_kind)} ${row.title}`),
		[
			state,
			row.unexplained ? __("{0} exceptions not explained", [row.unexplained]) : "",
			row.prepared_by ? __("prepared by {0}", [row.prepared_by]) : "",
			due,
			company_of(row, data),
		],
		""
	);
}

function finding_html(row, data) {
	const due = html`<span class="${row.late ? "cl-worse" : ""}">${__("due {0}", [
		day(row.due_date),
	])}</span>`;
	return item(
		form_link("Control Finding", row.name, row.control_title),
		[
			html`<span class="${row.severity === "High" ? "cl-worse" : ""}">${__(
				row.severity
			)}</span>`,
			name_of(row),
			row.reason,
			due,
			company_of(row, data),
		],
		row.amount ? money(row.amount, row.currency) : ""
	);
}

function month_end_html(row, data) {
	const found = html`<span class="cl-worse">${__("Changed vouchers: {0}", [
		row.vouchers,
	])}</span>`;
	return item(
		form_link("KPI Month End", row.name, __("KPIs {0}", [row.as_of.slice(0, 7)])),
		[found, company_of(row, data)],
		""
	);
}

function archive_html(row) {
	const found = html`<span class="cl-worse">${__("{0} findings", [row.findings_count])}</span>`;
	const checked = __("checked on {0}", [day(String(row.verified_on).slice(0, 10))]);
	return item(form_link("Archive Chain", row.name, row.company), [found, checked], "");
}

function receipt_html(row, data) {
	const who = name_of(row) || row.payer_name || row.receipt;
	const proposed = row.status === "Proposed";
	return item(
		form_link("Receipt Proposal", row.name, who),
		[
			proposed
				? `${__(row.confidence)}: ${__(row.found_by)}`
				: __(row.status, null, "Receipt Proposal"),
			day(row.receipt_date),
			company_of(row, data),
		],
		money(row.amount, row.currency)
	);
}

function procedure_html(row) {
	if (row.left_alone) {
		const why = html`<span class="cl-worse">${__("nobody is left to follow it")}</span>`;
		return item(form_link("Procedure", row.name, __(row.name)), [why], "");
	}
	const due = html`<span class="${row.late ? "cl-worse" : ""}">${__("due {0}", [
		day(row.due),
	])}</span>`;
	return item(
		form_link("Procedure", row.name, __(row.name)),
		[__("version {0}", [row.version]), due],
		""
	);
}

function duty_html(row) {
	const found = __("found on {0}", [day(row.found_on.slice(0, 10))]);
	return item(
		form_link("Duty Conflict", row.name, row.user_full_name || row.user),
		[__(row.duty_rule), found],
		""
	);
}

function trial_html(row, data) {
	const measured = __("measured on {0}", [day(row.measured_on)]);
	return item(
		form_link("Step Trial", row.name, row.title),
		[__(row.verdict), measured, company_of(row, data)],
		""
	);
}

function dispute_html(row, data, list, i) {
	const due = row.due_date
		? html`<span class="${row.late ? "cl-worse" : ""}">${__("due {0}", [
				day(row.due_date),
		  ])}</span>`
		: "";
	return item(
		form_link("Ledger Dispute", row.name, name_of(row)),
		[__(row.reason), __(row.status, null, "Ledger Dispute"), due, company_of(row, data)],
		money(row.amount, row.currency),
		row.may_resolve && action("settle", __("Resolve"), row, list, i)
	);
}

// --- what is done about them ---

/** dataset: of the button that was pressed; done: called when something was done. */
export function act_on({ action: name, list, row, customer }, data, done) {
	const one = list && data.lists[list].rows[row];
	const actions = {
		open: () => open_list(list, data),
		customer: () => open_customer(customer),
		release: () => release_hold(one, done),
		reject: () => reject_hold(one, done),
		settle: () => settle_dispute(one.name, done),
		"act-on-warning": () => warnings.act_on(one, done),
		"snooze-warning": () => warnings.snooze(one, done),
		"cancel-promise": () => cancel_promise(one.name, done),
		approve: () =>
			approve_request(
				{ ...one, customer_name: name_of(one), text: money(one.amount, one.currency) },
				done
			),
	};
	actions[name]();
}

function open_list(list, data) {
	const [route, options] = LISTS[list].open(data);
	frappe.route_options = options;
	frappe.set_route(...route);
}

/** Open a customer where one collects from it. The desk's own way to a link drops the name of the tab. */
function open_customer(customer) {
	client_ledger.wanted_tab = { customer, fieldname: COLLECTIONS_TAB };
	frappe.set_route("Form", "Customer", customer);
}
