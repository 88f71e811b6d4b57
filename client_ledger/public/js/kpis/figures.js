// The figures: the first ones as cards, and all of them as a table whose rows open to formula, inputs, causes and rows.

import { day } from "../shared/format";
import { html } from "../shared/html";
import { button, figure, table } from "../shared/pieces";
import { kind_of_change, plain, signed, spark, value_text } from "./numbers";

const CARDS = [
	"receivable",
	"dso",
	"best_possible_dso",
	"collection_effectiveness",
	"current_share",
	"weighted_days_late",
];
const NUMBER = "cl-number";
const COLUMNS = 5;

export function cards_html(data) {
	const shown = CARDS.map((key) => data.kpis.find((kpi) => kpi.key === key)).filter(Boolean);
	return html`<p class="cl-muted cl-kpi-period">${period_text(data)} ${tie_html(data)}</p>
		${own_html(data)}
		<div class="cl-figures cl-kpi-cards" role="list" aria-label="${__("KPIs")}">${shown.map((kpi) =>
			figure(
				kpi.label,
				value_text(kpi, data.currency),
				kpi.missing ? kpi.missing : change_html(kpi, data)
			)
		)}</div>`;
}

function period_text({ since, as_of, shown_months, months, stored_on }) {
	const said = [
		__("{0} to {1}", [day(since), day(as_of)]),
		__("stored on {0}", [frappe.datetime.str_to_user(stored_on.slice(0, 16))]),
	];
	if (shown_months < months) {
		said.push(__("Only {0} of {1} months are stored without a gap", [shown_months, months]));
	}
	return said.join(" · ");
}

/** Whose figures these are, where they are not those of all customers. */
function own_html({ customers, has_causes }) {
	if (customers === null) return "";
	const said = [
		customers === 1
			? __("Figures of the one customer that you may see, not of the whole company.")
			: __("Figures of the {0} customers that you may see, not of the whole company.", [
					customers,
			  ]),
	];
	if (!has_causes)
		said.push(__("What changed them is known of months that are stored from now on."));
	return html`<p class="cl-kpi-own" role="note" data-own="${customers}">${said.join(" ")}</p>`;
}

/** Whether receivable less unallocated is the balance of the General Ledger, which knows no parts. */
function tie_html({ tie, currency, value }) {
	if (!tie) return "";
	const ties = tie.status === "Ties";
	const text = ties
		? __("Ties to the General Ledger")
		: __("Differs from the General Ledger by {0}", [
				format_currency(tie.difference, currency),
		  ]);
	const title = __("Receivable less unallocated {0}, General Ledger {1}", [
		format_currency(tie.balance, currency),
		format_currency(tie.general_ledger, currency),
	]);
	const whole = value === null || value === undefined ? "" : ` (${__("Whole company")})`;
	return html`<span class="indicator-pill ${ties ? "green" : "red"} cl-pill" data-tie="${
		tie.status
	}" title="${title}">${text}${whole}</span>`;
}

function change_html(kpi, { currency }) {
	if (kpi.before === null || kpi.value === null) return "";
	const change = kpi.value - kpi.before;
	if (!change) return __("Unchanged");
	const kind = kind_of_change(change, kpi.better);
	return html`<span class="${kind}">${signed(change, kpi, currency)}</span> ${__(
		"since a month before"
	)}`;
}

// --- the table ---

export function table_html(data, open) {
	const rows = data.kpis.map((kpi) => rows_of(kpi, data, open === kpi.key));
	return html`<table class="cl-plain cl-stacked cl-kpi-table" role="table">
		<thead role="rowgroup"><tr role="row">
			<th role="columnheader" scope="col">${__("KPI")}</th>
			<th role="columnheader" scope="col" class="${NUMBER}">${__("Value")}</th>
			<th role="columnheader" scope="col" class="${NUMBER}">${__("A Month Before")}</th>
			<th role="columnheader" scope="col">${__("Why It Changed")}</th>
			<th role="columnheader" scope="col">${__("Over Time")}</th>
		</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`;
}

function rows_of(kpi, data, is_open) {
	const { currency } = data;
	const missing = kpi.value === null;
	const before = kpi.before === null ? "" : value_text({ ...kpi, value: kpi.before }, currency);
	const line = html`<tr role="row" data-kpi="${kpi.key}" class="${is_open ? "cl-open" : ""}">
		<td role="cell"><button type="button" class="btn btn-link cl-kpi-name" data-action="open"
			data-key="${kpi.key}" aria-expanded="${String(is_open)}">${kpi.label}</button></td>
		<td role="cell" class="${missing ? "cl-muted" : NUMBER}" data-label="${__("Value")}">${
			missing ? kpi.missing : html`<b>${value_text(kpi, currency)}</b>`
		}</td>
		<td role="cell" class="${NUMBER}" data-label="${__("A Month Before")}">${before}</td>
		<td role="cell" data-label="${__("Why It Changed")}">${causes_html(kpi, data)}</td>
		<td role="cell" data-label="${__("Over Time")}">${spark(kpi.line, kpi.ends)}</td></tr>`;
	if (!is_open) return line;
	return html`${line}<tr role="row" class="cl-kpi-detail" data-detail="${kpi.key}">
		<td role="cell" colspan="${COLUMNS}">${detail_html(kpi, data)}</td></tr>`;
}

function causes_html(kpi, { causes, currency }) {
	if (!kpi.parts) return "";
	const parts = kpi.parts
		.map((part, i) => [causes[i], part])
		.filter(([, part]) => part)
		.map(
			([cause, part]) =>
				html`<span class="cl-cause ${kind_of_change(part, kpi.better)}">${cause} ${signed(
					part,
					kpi,
					currency
				)}</span>`
		);
	return parts.length ? html`<span class="cl-causes">${parts}</span>` : __("Unchanged");
}

// --- what a figure is made of ---

function detail_html(kpi, data) {
	const inputs = kpi.inputs.map(([label, amount]) => [label, plain(amount)]);
	const whole = kpi.is_whole
		? html`<p class="cl-muted">${__(
				"Between the two months the formula has no value for the causes one by one, so all of the change is shown as mix."
		  )}</p>`
		: "";
	return html`<p><b>${__("Formula")}</b>: ${kpi.formula}</p>${sum_html(kpi, data)}${whole}
		${table([[__("Input")], [__("Amount"), NUMBER]], inputs, "", "cl-kpi-inputs")}
		<p>${button("rows", __("Show Rows"), { data: { key: kpi.key } })}</p>
		<div data-rows="${kpi.key}"></div>`;
}

/** The value a month before, what each cause added, and the value: they add up. */
function sum_html(kpi, { causes, currency }) {
	if (!kpi.parts) return "";
	const steps = [
		[__("A Month Before"), value_text({ ...kpi, value: kpi.before }, currency)],
		...kpi.parts.map((part, i) => [causes[i], part ? signed(part, kpi, currency) : "0"]),
		[__("Value"), value_text(kpi, currency)],
	];
	return html`<dl class="cl-kpi-steps">${steps.map(
		([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`
	)}</dl>`;
}
