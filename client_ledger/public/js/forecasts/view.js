// How the parts of the page read: figures, weeks, where they come from, large amounts, what would be if.

import { day, document_link, form_link, money } from "../shared/format";
import { html, joined } from "../shared/html";
import { button, company_select, empty, figure, table } from "../shared/pieces";
import { own_html } from "./own";
import { record_html } from "./record";

const NEAR = 4;
const NUMBER = "cl-number";

export function page_html(data) {
	if (!data.companies.length) {
		return empty(__("There are no receivables that you may view."));
	}
	if (data.own_customers !== undefined) return html`${head_html(data)}${own_html(data)}`;
	if (!data.weeks) return html`${head_html(data)}${nothing_html(data)}`;
	return html`${head_html(data)}${notes_html(data)}${figures_html(data)}
		<section class="cl-card" aria-labelledby="cl-forecast-weeks">
			<div class="cl-forecast-title"><h4 id="cl-forecast-weeks">${__(
				"13 Weeks"
			)}</h4>${legend_html()}</div>
			<div data-chart="weeks"></div>
			${what_if_html(data)}
			<details><summary>${__("Week by Week")}</summary>
				<div class="cl-forecast-weeks">${weeks_html(data)}</div></details>
		</section>
		<div class="cl-forecast-pair">${sources_html(data)}${large_html(data)}</div>
		${record_html(data)}${about_html(data)}`;
}

// --- head ---

function head_html(data) {
	const { currencies, currency, companies, company } = data;
	const choice = company_select(data) || html`<b>${company || companies[0]}</b>`;
	const codes =
		currencies.length > 1
			? html`<span class="cl-forecast-currencies" role="group" aria-label="${__(
					"Currency"
			  )}">
				${currencies.map(
					(code) => html`<button type="button" class="btn btn-default btn-sm"
						data-action="currency" data-currency="${code}"
						aria-pressed="${String(code === currency)}">${code}</button>`
				)}</span>`
			: html`<span class="cl-muted">${currency || ""}</span>`;
	const made = data.day
		? html`<span class="cl-muted">${__("Made at the end of {0}", [day(data.day)])}</span>`
		: "";
	return html`<div class="cl-forecast-head">${choice}${codes}${made}</div>`;
}

function nothing_html(data) {
	if (!data.is_on) {
		return empty(
			__("Cash of {0} is not forecast.", [data.company]),
			html`<p class="cl-muted">${__(
				"Switch on Forecast Cash Every Monday in the company's settings."
			)}</p><p>${form_link("Company", data.company)}</p>`
		);
	}
	if (data.replayed_to) {
		return empty(
			__("The past is being walked through, up to {0} by now.", [day(data.replayed_to)]),
			html`<p class="cl-muted">${__(
				"Every past week is forecast from what was known then, so that this forecast has a record from its first day. Refresh in some minutes."
			)}</p>${button("refresh", __("Refresh"))}`
		);
	}
	if (!data.has_invoices) {
		return empty(
			__("{0} has no invoices yet, so there is nothing to forecast.", [data.company])
		);
	}
	return empty(
		__("There is no forecast yet."),
		html`<p class="cl-muted">${__("Forecasts are made every Monday night.")}</p>${
			data.may_make ? button("make", __("Make It Now"), { kind: "btn-primary" }) : ""
		}`
	);
}

function notes_html(data) {
	const notes = [];
	if (!data.is_on) {
		notes.push(__("Forecasts are switched off for this company; this is the last one."));
	} else if (data.behind) {
		notes.push(
			html`${__("This week's forecast has not been made yet; this is the last one.")} ${
				data.may_make ? button("make", __("Make It Now"), { size: "btn-xs" }) : ""
			}`
		);
	}
	const missed = missed_text(data);
	if (missed) notes.push(missed);
	if (data.set_off >= 0.5) {
		notes.push(
			__(
				"Set off: customers have {0} on account. It is taken off their oldest items, so it is not expected again.",
				[round_money(data.set_off, data.currency)]
			)
		);
	}
	if (data.left_out?.number) {
		notes.push(
			__(
				"Not counted, as they name no exchange rate or no amount: {0} documents, such as {1}",
				[data.left_out.number, data.left_out.names.slice(0, 3).join(", ")]
			)
		);
	}
	if (!data.scores) {
		notes.push(
			__(
				"There is no record yet: the ledger's history is too short. Take this forecast with care."
			)
		);
	}
	return notes.map((note) => html`<p class="cl-forecast-note" role="note">${note}</p>`);
}

/** That the week which has just ended was missed by much, and how. */
function missed_text({ past, currency }) {
	const [last] = past;
	if (!last?.miss) return "";
	const amount = (value) => round_money(value, currency);
	const values = [amount(last.came), amount(last.first.expected)];
	const range = [amount(last.first.low), amount(last.first.high)];
	return last.miss === "Large Error"
		? __(
				"The week that has just ended was missed by much: {0} was received, {1} was expected.",
				values
		  )
		: __(
				"The week that has just ended was missed by much: {0} was received, {1} was expected, between {2} and {3}.",
				[...values, ...range]
		  );
}

// --- figures ---

function figures_html(data) {
	const { weeks, currency, past } = data;
	const sum = (name, count) => weeks.slice(0, count).reduce((all, week) => all + week[name], 0);
	const [next] = weeks;
	const last = past.find(({ came }) => came !== null);
	return html`<div class="cl-figures" role="list">
		${figure(
			__("Expected in the Week from {0}", [day(next.since)]),
			round_money(next.expected, currency),
			__("P10 to P90: {0} to {1}", [
				round_money(next.low, currency),
				round_money(next.high, currency),
			])
		)}
		${figure(
			__("Expected Within {0} Weeks", [NEAR]),
			round_money(sum("expected", NEAR), currency),
			__("by due date {0}", [round_money(sum("by_due_date", NEAR), currency)])
		)}
		${figure(
			__("Expected Within {0} Weeks", [weeks.length]),
			round_money(sum("expected", weeks.length), currency),
			__("later or never {0}", [round_money(data.later, currency)])
		)}
		${
			last
				? figure(
						__("Received Last Week"),
						round_money(last.came, currency),
						__("expected {0}", [round_money(last.first.expected, currency)])
				  )
				: ""
		}</div>`;
}

function round_money(amount, currency) {
	return format_currency(amount || 0, currency, 0);
}

function legend_html() {
	const marks = [
		["cl-expected-mark", __("Expected")],
		["cl-range-mark", __("P10 to P90 of the week's total")],
		["cl-due-mark", __("By Due Date")],
	];
	return html`<span class="cl-forecast-legend" aria-hidden="true">${marks.map(
		([kind, label]) => html`<span><i class="${kind}"></i>${label}</span>`
	)}</span>`;
}

/** The weeks as a table. scenario: what would come per week. */
export function weeks_html({ weeks, currency, later, later_by_due_date }, scenario) {
	const heads = [
		[__("Week from")],
		[__("Expected"), NUMBER],
		["P10", NUMBER],
		["P90", NUMBER],
		[__("By Due Date"), NUMBER],
		[__("Same Week Earlier"), NUMBER],
	];
	if (scenario) heads.push([__("Scenario"), NUMBER]);
	const rows = weeks.map((week, i) => {
		const cells = [
			day(week.since),
			money(week.expected, currency),
			money(week.low, currency),
			money(week.high, currency),
			money(week.by_due_date, currency),
			week.naive === null ? "–" : money(week.naive, currency),
		];
		if (scenario) cells.push(money(scenario[i], currency));
		return cells;
	});
	const rest = [__("Later or Never"), money(later, currency), "", ""];
	rest.push(money(later_by_due_date, currency), "");
	if (scenario) rest.push("");
	return table(heads, [...rows, rest], "", "cl-forecast-table");
}

// --- what would be if ---

function what_if_html({ customers, has_worse, currency }) {
	const kinds = [
		["", __("As expected")],
		["without", __("A customer does not pay")],
		["later", __("Everybody pays later")],
		...(has_worse ? [["worse", __("Everybody pays as a grade below")]] : []),
	];
	const option = ([value, label]) => html`<option value="${value}">${label}</option>`;
	const names = customers.map(({ customer, customer_name, expected }) => [
		customer,
		`${customer_name} (${round_money(expected, currency)})`,
	]);
	return html`<div class="cl-what-if">
		<label><span class="cl-label">${__("What If")}</span>
			<select class="form-control" data-control="scenario">${kinds.map(option)}</select></label>
		<label data-for="without" hidden><span class="cl-label">${__("Customer")}</span>
			<select class="form-control" data-control="customer">${names.map(option)}</select></label>
		<label data-for="later" hidden><span class="cl-label">${__("Days")}</span>
			<input class="form-control" type="number" min="1" max="91" value="14" data-control="days"></label>
		<div class="cl-forecast-said" role="status"></div></div>`;
}

/** What a scenario changes, in words. */
export function scenario_said({ weeks, currency }, scenario) {
	if (!scenario) return "";
	const change = (count) =>
		weeks.slice(0, count).reduce((all, week, i) => all + scenario[i] - week.expected, 0);
	const said = [NEAR, weeks.length].map((count) =>
		__("within {0} weeks {1}", [count, signed(change(count), currency)])
	);
	return html`<i class="cl-scenario-key" aria-hidden="true"></i>${joined(said, ", ")}`;
}

function signed(amount, currency) {
	if (Math.abs(amount) < 0.5) return __("unchanged");
	return `${amount > 0 ? "+" : "−"}${round_money(Math.abs(amount), currency)}`;
}

// --- what it is made of ---

function sources_html({ sources, currency }) {
	const heads = [
		[__("Source")],
		[__("Documents"), NUMBER],
		[__("Within {0} Weeks", [NEAR]), NUMBER],
		[__("Within {0} Weeks", [13]), NUMBER],
	];
	const rows = sources.map(({ label, number, near, total }) => [
		__(label),
		format_number(number, null, 0),
		money(near, currency),
		money(total, currency),
	]);
	return html`<section class="cl-card"><h4>${__("Where It Comes From")}</h4>
		${table(heads, rows, __("Nothing is open, ordered or promised."))}</section>`;
}

function large_html({ large, weeks, currency }) {
	const heads = [
		[__("Customer")],
		[__("Document")],
		[__("Amount"), NUMBER],
		[__("Most Likely in the Week from")],
		[__("Probability"), NUMBER],
	];
	const rows = large.map((row) => [
		row.customer_readable
			? form_link("Customer", row.customer, row.customer_name)
			: row.customer_name,
		html`<span>${document_link(row.document)} <span class="cl-muted">${__(
			row.source
		)}</span></span>`,
		money(row.amount, currency),
		day(weeks[row.week].since),
		`${Math.round(row.probability * 100)} %`,
	]);
	return html`<section class="cl-card"><h4>${__("Large Amounts")}</h4>
		<p class="cl-muted">${__("Each is at least a tenth of what is expected of its week.")}</p>
		${table(heads, rows, __("No week hangs on a single amount."))}</section>`;
}

function about_html(data) {
	const sentences = [
		__(
			"Expected amounts come from how each customer has paid so far, given the age of each invoice. What a customer has promised counts on its day as far as that customer's promises are kept; orders, deliveries and recurring invoices join after the time they take to be billed."
		),
		data.corrected
			? __("Weeks are corrected by how past forecasts did.")
			: __("Past forecasts gave no reason to correct the weeks."),
		__(
			"The home page shows what open invoices alone are expected to bring from today on, in company currency and not corrected; it is renewed every night. This forecast is made once a week, per currency of the customers' accounts, and stays as it was made."
		),
	];
	return html`<p class="cl-muted cl-forecast-about">${joined(sentences, " ")}</p>`;
}
