// The ledger itself: every movement, newest first, with the balance after it. On a phone each row is a card.

import { base_money, day, document_link, money, money_with_base } from "../shared/format";
import { fill, html, joined } from "../shared/html";
import { lateness, status_html } from "./line_status";

const MOST_AGAINST = 3;

export function movements_html() {
	return html`<table class="cl-plain cl-stacked cl-movements" role="table" aria-label="${__(
		"Ledger"
	)}">
		<thead role="rowgroup"><tr role="row">
			<th role="columnheader" scope="col">${__("Date")}</th>
			<th role="columnheader" scope="col">${__("Document", null, "Client Ledger")}</th>
			<th role="columnheader" scope="col">${__("Status")}</th>
			<th role="columnheader" scope="col">${__("Due Date")}</th>
			<th role="columnheader" scope="col" class="cl-number">${__("Debit")}</th>
			<th role="columnheader" scope="col" class="cl-number">${__("Credit")}</th>
			<th role="columnheader" scope="col" class="cl-number">${__("Balance")}</th>
		</tr></thead>
		<tbody role="rowgroup"></tbody>
	</table>`;
}

/** One movement. *mixed*: the ledger has several currencies, so every balance carries the company's beside it. */
export function movement_row(line, company_currency, mixed) {
	const foreign = mixed || line.currency !== company_currency;
	const base = foreign ? base_money(line.base_balance, company_currency) : "";
	const late = lateness(line);
	return html`<tr role="row" class="cl-movement">
		<td role="cell" class="cl-date">${day(line.date)}</td>
		<td role="cell" class="cl-what">
			${document_link(line)}
			<div class="cl-muted">${__(line.doctype)}${against(line)}${term(line)}</div>
		</td>
		<td role="cell" class="cl-status">${status_html(line)}${dunned(line)}</td>
		<td role="cell" class="cl-due" data-label="${__("Due Date")}">${day(line.due_date)}${
			late ? html`<div class="cl-muted">${late}</div>` : ""
		}${expected(line)}</td>
		<td role="cell" class="cl-number cl-debit" data-label="${__("Debit")}">${amount(
			line,
			"debit",
			company_currency
		)}</td>
		<td role="cell" class="cl-number cl-credit" data-label="${__("Credit")}">${amount(
			line,
			"credit",
			company_currency
		)}</td>
		<td role="cell" class="cl-number cl-balance" data-label="${__("Balance")}">${money(
			line.balance,
			line.currency
		)}${base}</td>
	</tr>`;
}

function amount(line, side, company_currency) {
	if (!line[side]) return "";
	const base = line[`base_${side}`];
	return html`${money_with_base(line[side], line.currency, base, company_currency)}${part_of(
		line,
		side
	)}`;
}

/** How far an open item has been dunned. */
function dunned({ dunned }) {
	if (!dunned) return "";
	const text = __("Dunning level {0}", [dunned.level]);
	const title = __("since {0}", [frappe.datetime.str_to_user(dunned.on)]);
	return html`<div class="cl-muted cl-dunned" title="${title}">${text}</div>`;
}

/** When an open item is expected, by how the customer has paid until now. */
function expected({ expected }) {
	if (!expected) return "";
	const { date, earliest, latest, confidence } = expected;
	const text = __("expected {0}", [frappe.datetime.str_to_user(date)]);
	const range = __("80 % of comparable payments arrive between {0} and {1}.", [
		frappe.datetime.str_to_user(earliest),
		frappe.datetime.str_to_user(latest),
	]);
	const basis = {
		none: __("Based on the company's average: this customer has no payment history."),
		low: __("Based on few payments; low confidence."),
	}[confidence];
	const title = basis ? `${range} ${basis}` : range;
	return html`<div class="cl-muted cl-expected" title="${title}">${text}</div>`;
}

/** Of an open item that was partly paid: what it was for at first. */
function part_of(line, side) {
	const whole = Math.abs(line.amount || 0);
	if (!whole || whole === line[side]) return "";
	return html`<span class="cl-base">${__("of {0}", [money(whole, line.currency)])}</span>`;
}

function against({ against }) {
	if (!against.length) return "";
	const links = joined(against.slice(0, MOST_AGAINST).map(document_link), ", ");
	const more = against.length - MOST_AGAINST;
	return html` · ${fill(__("for {0}"), [links])}${
		more > 0 ? ` ${__("and {0} more", [more])}` : ""
	}`;
}

function term({ term }) {
	return term ? ` · ${term}` : "";
}
