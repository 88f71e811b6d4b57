// The figure cards: what the customer owes, what is late, and how it pays.

import { day, document_link, escape, money } from "./format";

export function figures_html(data) {
	return `<div class="cl-figures" role="list">
		${card(
			__("Balance"),
			amounts(data, "balance"),
			`<span data-figure="tie">${data.has_entries ? placeholder() : ""}</span>`
		)}
		${card(__("Overdue"), amounts(data, "overdue"), "", is_late(data) ? "cl-bad" : "")}
		${card(__("Unallocated Credit"), amounts(data, "unallocated"))}
		${card(__("Not Yet Billed"), unbilled(data), unbilled_note(data))}
		${card(
			`${__("Days to Pay")}${grade_badge(data.grade)}`,
			`<span data-figure="days_to_pay">${placeholder()}</span>`,
			`<span data-figure="days_late"></span>`
		)}
		${card(__("Oldest Overdue"), oldest(data), oldest_note(data))}
	</div><div data-figure="differences"></div>`;
}

function card(label, value, note = "", state = "") {
	return `<div class="cl-card cl-figure ${state}" role="listitem">
		<div class="cl-label">${label}</div>
		<div class="cl-value">${value}</div>
		<div class="cl-note">${note}</div>
	</div>`;
}

/** The credit grade beside how the customer pays; its reasons are on the Credit tab. */
function grade_badge(grade) {
	if (!grade) return "";
	const score = grade.score ? `, ${__("{0} of 100 points", [grade.score.toFixed(1)])}` : "";
	return `<button type="button" class="indicator-pill no-indicator-dot ${escape(
		grade.color
	)} cl-pill"
		data-action="credit" title="${escape(__("Credit grade") + score)}">${escape(
			grade.label
		)}</button>`;
}

function placeholder() {
	return `<span class="cl-skeleton cl-skeleton-text"></span>`;
}

/** One line per currency, and the whole in company currency where any of them is another one. */
function amounts(data, figure) {
	const foreign = data.figures.some((row) => row.currency !== data.company_currency);
	const lines = data.figures.map((row) => `<div>${money(row[figure], row.currency)}</div>`);
	if (foreign) {
		const whole = money(data.base[figure], data.company_currency);
		lines.push(`<div class="cl-base">${whole}</div>`);
	}
	return lines.join("");
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
	return item ? __("due {0}", [day(item.due_date)]) : __("nothing is overdue");
}

/** Fill in whether the balance ties to the General Ledger, and what keeps it from that. */
export function fill_tie($parent, tie, company_currency) {
	$parent.find('[data-figure="tie"]').html(tie ? tie_badge(tie, company_currency) : "");
	$parent
		.find('[data-figure="differences"]')
		.html(tie && tie.difference ? differences_html(tie, company_currency) : "");
}

function tie_badge(tie, company_currency) {
	if (!tie.difference) {
		return `<span class="cl-ties">${frappe.utils.icon("tick", "xs")}${__(
			"Ties to the General Ledger"
		)}</span>`;
	}
	const text = __("Differs from the General Ledger by {0}", [
		money(tie.difference, company_currency),
	]);
	return `<button type="button" class="indicator-pill red cl-pill" data-action="differences"
		aria-expanded="false" aria-controls="cl-differences">${text}</button>`;
}

function differences_html(tie, currency) {
	const rows = tie.vouchers.map(
		(row) => `<tr>
			<td>${document_link(row)} <span class="cl-muted">${escape(__(row.doctype))}</span></td>
			<td class="cl-number">${money(row.payment_ledger, currency)}</td>
			<td class="cl-number">${money(row.general_ledger, currency)}</td>
		</tr>`
	);
	return `<div id="cl-differences" class="cl-card cl-differences" hidden>
		<div class="cl-label">${__("Documents on which the two ledgers disagree")}</div>
		<table class="cl-plain">
			<thead><tr>
				<th scope="col">${__("Document")}</th>
				<th scope="col" class="cl-number">${__("Payment Ledger")}</th>
				<th scope="col" class="cl-number">${__("General Ledger")}</th>
			</tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table>
	</div>`;
}

/** Fill in what only the payment history tells: days to pay, and how late that is on average. */
export function fill_payment_days($parent, history) {
	const { days_to_pay, days_late, invoices_paid } = history;
	const $value = $parent.find('[data-figure="days_to_pay"]');
	const $note = $parent.find('[data-figure="days_late"]');
	$value.text(days_to_pay === null ? "–" : __("{0} days", [days_to_pay]));
	if (days_late === null) {
		$note.text(__("nothing paid in the last 12 months"));
		return;
	}
	const late =
		days_late > 0 ? __("{0} days late", [days_late]) : __("{0} days early", [-days_late]);
	$note.text(days_late ? late : __("on time"));
	$note.attr("title", __("Average of {0} invoices paid in the last 12 months", [invoices_paid]));
}
