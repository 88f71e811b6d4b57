// How the worklist looks: its head, its rows, and what one needs to call the one that is chosen.

import { amount_due_card } from "../shared/amount_due";
import { day, form_link, money, muted } from "../shared/format";
import { html, joined, raw } from "../shared/html";
import { button, card, empty, small_button } from "../shared/pieces";
import { who_to_call } from "./customer_collections";
import {
	advices_table,
	disputes_table,
	history_table,
	items_table,
	promises_table,
	receipts_table,
} from "./lists";

/** Each outcome with the key that logs it. */
export const OUTCOME_KEYS = {
	Reached: "r",
	"No Answer": "a",
	"Refuses to Pay": "f",
	"Wrong Contact": "w",
	Referred: "h",
};

/** What stands above the list and stays while it is drawn anew: search, order, file. */
export function head_html() {
	const sorts = [
		["priority", __("Priority")],
		["amount", __("Amount")],
		["days", __("Days Overdue")],
		["contact", __("Last Contact")],
		["name", __("Customer Name")],
	].map(([value, label]) => html`<option value="${value}">${label}</option>`);
	return html`<div class="cl-worklist-head">
		<input type="search" class="form-control" data-control="search"
			placeholder="${__("Name, ID or phone number")}" aria-label="${__("Search Customers")}">
		<select class="form-control" data-control="sort" aria-label="${__("Sort By")}">${sorts}</select>
		${button("backwards", "⇅", { named: __("Reverse Order") })}
		${button("csv", __("Export CSV"))}
	</div>
	<div class="cl-said" role="status"></div>
	<div class="cl-worklist-body"></div>`;
}

export function list_html({ rows, total, totals, start, off }) {
	const until = start + rows.length;
	const sums = totals.map(({ to_chase, currency }) => money(to_chase, currency)).join(" · ");
	return html`<div class="cl-panes">
		<div class="cl-pane-list">
			<p class="cl-muted">${__("{0} to {1} of {2} customers", [start + 1, until, total])}
				· ${__("Total to collect: {0}", [sums])}
				${start ? small_button("before", __("Previous Page")) : ""}
				${until < total ? small_button("more", __("Next Page")) : ""}</p>
			<div class="cl-chosen"><label><input type="checkbox" data-choose="all"> ${__("Select All")}</label>
				${button("mass-no-answer", __("No Answer", null, "Follow Up"), {
					kind: "btn-default",
				})}<span class="cl-muted" data-count="chosen"></span></div>
			<ol class="cl-rows" aria-label="${__("Worklist")}">${rows.map(row_html)}</ol>
		</div>
		<div class="cl-pane-detail" aria-live="polite"></div>
	</div>${off_html(off)}`;
}

export function nothing_html({ off }, search) {
	const text = search ? __("No customer on the list matches") : __("No calls due today");
	return html`${empty(text)}${off_html(off)}`;
}

/** For whoever has the role to collect, and none to read customers. */
export function closed_html() {
	return empty(
		__("You may not read customers, so there is no worklist to show."),
		html`<p class="cl-muted">${__(
			"Ask an administrator for a role that can read customers, such as Sales User or Accounts User."
		)}</p>`
	);
}

/** What was done last, with the way to take it back. */
export function said_html(text, can_undo) {
	return html`<div class="alert alert-success cl-said-text">${text}
		${can_undo ? button("undo", with_key(__("Undo"), "u")) : ""}</div>`;
}

function row_html(row, i) {
	const facts = [
		row.days ? __("{0} days", [row.days]) : "",
		row.last_contact_on ? __("last contact {0}", [day(row.last_contact_on)]) : "",
	].filter(Boolean);
	return html`<li data-row="${i}" class="cl-row">
		<div class="cl-row-head">
			<input type="checkbox" data-choose="${i}" aria-label="${row.customer_name}">
			<span class="cl-points" title="${__("Points")}">${row.points}</span>
			<button type="button" class="cl-row-name" data-action="select" data-at="${i}">${
				row.customer_name
			}</button>
			<span class="cl-number">${money(row.to_chase, row.currency)}</span></div>
		<div class="cl-muted">${joined(facts, " · ")}</div>
		<div class="cl-chips">${chips(row)}</div></li>`;
}

function chips({ reasons }) {
	// Two rules of one measure say the same; its points are both.
	const said = new Map();
	reasons.forEach(({ rule, points, text }) => {
		const before = said.get(text);
		said.set(text, {
			text,
			rule: before ? `${before.rule}, ${rule}` : rule,
			points: points + (before ? before.points : 0),
		});
	});
	return [...said.values()].map(
		({ rule, points, text }) =>
			html`<span class="cl-chip" title="${rule}: ${points}">${text}</span>`
	);
}

export function detail_html(row, detail, scripts) {
	const { may } = detail;
	const script = scripts[row.rule];
	return html`<div class="cl-card">
		<div class="cl-row-head"><b>${form_link("Customer", row.customer, row.customer_name)}</b>
			${muted(row.grade ? `${__("Credit Grade")} ${row.grade}` : __("Not assessed yet"))}
			<span class="cl-number">${money(row.overdue, row.currency)} ${__("Overdue")}</span></div>
		<p>${who_to_call(detail.contact) || muted(__("No contact"))}</p>
		<div class="cl-buttons">${actions(may, row)}</div>
		${may.work ? note_html() : ""}
		<div class="cl-notes">${notes_html(detail.notes)}</div></div>
		${script ? card(__("Call Script"), raw(__(script))) : ""}
		${amount_due_card(detail.due)}
		${card(__("Open Items"), items_table(detail.items))}
		${detail.promises.length ? card(__("Promises"), promises_table(detail.promises, may)) : ""}
		${detail.disputes.length ? card(__("Disputes"), disputes_table(detail.disputes, may)) : ""}
		${detail.advices.length ? card(__("Payments Announced"), advices_table(detail.advices, may)) : ""}
		${
			detail.receipts.length
				? card(__("Receipts without Invoice"), receipts_table(detail.receipts))
				: ""
		}
		${card(__("Contact Log"), history_table(detail.history))}`;
}

/** A note is written while one speaks: an outcome takes it along, or it is saved by itself. */
function note_html() {
	return html`<div class="cl-note-field">
		<textarea class="form-control" rows="2" data-control="note" aria-label="${__("Note")}"
			placeholder="${__("Note: goes with the outcome, or save it alone")}"></textarea>
		${button("note", __("Save Note"))}</div>`;
}

export function notes_html(notes) {
	return notes.map(
		({ text, by, on }) =>
			html`<p class="cl-noted">${text} ${muted(`${by}, ${day(on.slice(0, 10))}`)}</p>`
	);
}

function with_key(label, key) {
	return html`${label} <kbd>${key}</kbd>`;
}

function actions(may, row) {
	const data = { "follow-up": row.follow_up || "" };
	const act = (action, label, key, more = {}, kind = "btn-default") =>
		button(action, with_key(label, key), { kind, data: { ...data, ...more } });
	const outcomes = Object.entries(OUTCOME_KEYS).map(([outcome, key]) =>
		act("log", __(outcome, null, "Follow Up"), key, { outcome })
	);
	return [
		may.work && outcomes,
		may.work && act("promise", __("Record Promise to Pay"), "p", {}, "btn-primary"),
		may.work && act("dispute", __("Record Dispute"), "d"),
		may.work && act("statement", __("Send Statement"), "s"),
		may.escalate && button("hand-over", __("Create Escalation Case")),
		may.write_off && button("write-off", __("Write Off", null, "Client Ledger")),
		act("ledger", __("Ledger", null, "Client Ledger"), "l"),
		act("next", __("Next"), "n"),
	];
}

function off_html(off) {
	if (!off.length) return "";
	const rows = off.map(
		({ customer, customer_name, overdue, currency, reason }) =>
			html`<li>${form_link("Customer", customer, customer_name)} ${money(overdue, currency)}
				${muted(reason)}</li>`
	);
	return html`<details class="cl-card"><summary>${__("Not on the list today: {0}", [
		off.length,
	])}</summary><ul class="cl-off">${rows}</ul></details>`;
}

/** What became of several, those that were refused with the reason. */
export function refused_html(rows) {
	const items = rows
		.filter(({ done }) => !done)
		.map(({ label, reason }) => html`<li>${label}: ${reason}</li>`);
	return html`<ul>${items}</ul>`;
}
