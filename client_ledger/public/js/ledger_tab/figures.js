// The figure cards: what the customer owes, what is late, and how it pays.

import { day, document_link, money, muted } from "../shared/format";
import { html, raw } from "../shared/html";
import { card, figure } from "../shared/pieces";

export function figures_html(data) {
	const tie = html`<span data-figure="tie">${data.has_entries ? placeholder() : ""}</span>`;
	return html`<div class="cl-figures" role="list">
		${figure(__("Balance"), amounts(data, "balance"), tie)}
		${figure(__("Overdue"), amounts(data, "overdue"), "", is_late(data) ? "cl-bad" : "")}
		${figure(__("Unallocated Amount"), amounts(data, "unallocated"))}
		${figure(__("Unbilled"), unbilled(data), unbilled_note(data))}
		${figure(
			html`${__("Days to Pay")}${grade_badge(data.grade)}`,
			html`<span data-figure="days_to_pay">${placeholder()}</span>`,
			html`<span data-figure="days_late"></span>`
		)}
		${figure(__("Oldest Overdue Item"), oldest(data), oldest_note(data))}
	</div><div data-figure="differences"></div>`;
}

/** The credit grade beside how the customer pays; its reasons are on the Credit tab. */
function grade_badge(grade) {
	if (!grade) return "";
	const score = grade.score ? `, ${__("{0} of 100 points", [grade.score.toFixed(1)])}` : "";
	return html`<button type="button" class="indicator-pill no-indicator-dot ${
		grade.color
	} cl-pill"
		data-action="credit" title="${__("Credit Grade")}${score}">${grade.label}</button>`;
}

function placeholder() {
	return html`<span class="cl-skeleton cl-skeleton-text"></span>`;
}

/** One line per currency, and the whole in company currency where that is another one. */
function amounts(data, figure) {
	const foreign = data.figures.some((row) => row.currency !== data.company_currency);
	const lines = data.figures.map((row) => html`<div>${money(row[figure], row.currency)}</div>`);
	if (foreign) {
		const whole = money(data.base[figure], data.company_currency);
		lines.push(html`<div class="cl-base">${whole}</div>`);
	}
	return lines;
}

function is_late(data) {
	return data.figures.some((row) => row.overdue > 0);
}

function unbilled(data) {
	return money(data.unbilled.orders + data.unbilled.deliveries, data.company_currency);
}

function unbilled_note({ unbilled: { orders, deliveries }, company_currency: currency }) {
	if (!orders || !deliveries) return "";
	return __("Orders {0}, deliveries {1}", [
		money(orders, currency),
		money(deliveries, currency),
	]);
}

function oldest({ oldest: item }) {
	return item ? __("{0} days", [item.days]) : "–";
}

function oldest_note({ oldest: item }) {
	return item ? __("due {0}", [day(item.due_date)]) : __("Nothing Overdue");
}

/** Fill in whether the balance ties to the General Ledger, and what keeps it from that. */
export function fill_tie($parent, tie, company_currency) {
	const differences = tie && tie.difference ? differences_html(tie, company_currency) : "";
	$parent.find('[data-figure="tie"]').html(String(tie ? tie_badge(tie, company_currency) : ""));
	$parent.find('[data-figure="differences"]').html(String(differences));
}

function tie_badge(tie, company_currency) {
	if (!tie.difference) {
		const tick = raw(frappe.utils.icon("tick", "xs"));
		return html`<span class="cl-ties">${tick}${__("Matches General Ledger")}</span>`;
	}
	const text = __("Differs from General Ledger by {0}", [
		money(tie.difference, company_currency),
	]);
	return html`<button type="button" class="indicator-pill red cl-pill" data-action="differences"
		aria-expanded="false" aria-controls="cl-differences">${text}</button>`;
}

function differences_html(tie, currency) {
	const rows = tie.vouchers.map(
		(row) => html`<tr>
			<td>${document_link(row)} ${muted(__(row.doctype))} ${muted(row.account)}</td>
			<td class="cl-number">${money(row.payment_ledger, currency)}</td>
			<td class="cl-number">${money(row.general_ledger, currency)}</td>
		</tr>`
	);
	const label = __("Vouchers with Differences");
	return html`<div id="cl-differences" class="cl-differences" hidden>${card(
		label,
		html`<table class="cl-plain">
			<thead><tr>
				<th scope="col">${__("Document", null, "Client Ledger")}</th>
				<th scope="col" class="cl-number">${__("Payment Ledger")}</th>
				<th scope="col" class="cl-number">${__("General Ledger")}</th>
			</tr></thead>
			<tbody>${rows}</tbody>
		</table>`
	)}</div>`;
}

/** Fill in what only the payment history tells: days to pay, and how late that is on average. */
export function fill_payment_days($parent, history) {
	const { days_to_pay, days_late, invoices_paid } = history;
	const $value = $parent.find('[data-figure="days_to_pay"]');
	const $note = $parent.find('[data-figure="days_late"]');
	$value.text(days_to_pay === null ? "–" : __("{0} days", [days_to_pay]));
	if (days_late === null) {
		$note.text(__("no invoices paid in the last 12 months"));
		return;
	}
	const late =
		days_late > 0 ? __("{0} days late", [days_late]) : __("{0} days early", [-days_late]);
	$note.text(days_late ? late : __("On Time"));
	$note.attr("title", __("Average of {0} invoices paid in the last 12 months", [invoices_paid]));
}
