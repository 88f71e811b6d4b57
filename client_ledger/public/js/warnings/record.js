// Records of signals: what the past of a ledger would have raised, and what became of it.

import { day, form_link, muted, pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { card, table } from "../shared/pieces";
import { percent } from "./reasons";

/** rows: of Warning Signal Record, one per company. use: what people chose for the signal. */
export function records_html(rows, use) {
	return html`<div class="cl-ledger">${records_table(rows, use)}</div>`;
}

/** Say what a record alone does not: that a person overruled it, or that there is none. signal: enabled, applies_to, records. */
export function state_text({ enabled, applies_to, records }) {
	const weak = records.filter(({ is_on }) => !is_on);
	if (enabled === "Never") return __("Switched off by hand, whatever its record says.");
	if (enabled === "Always" && weak.length)
		return __(
			"Switched on by hand, although its record does not show that it beats the base rate ({0}): its warnings may be no better than chance.",
			[
				weak
					.map(({ company, verdict }) =>
						[company, __(verdict)].filter(Boolean).join(": ")
					)
					.join(", "),
			]
		);
	if (records.length || applies_to === "Company") return "";
	return enabled === "Always"
		? __("Switched on by hand: no record says yet how often it is right.")
		: __("Off: there is no record yet that says how often it is right.");
}

function records_table(rows, use) {
	return table(
		[[__("Company")], ...heads()],
		rows.map((row) => [
			row.company,
			...cells({ ...row, base_rate: row.base_rate / 100 }, use),
		]),
		__("No record yet: it is made when the past is replayed, and every month from then on.")
	);
}

/** found: the summary of a replay. uses: what people chose, by signal. */
export function replay_html(found, uses = {}) {
	if (!found || !found.looks) {
		return html`<p class="cl-muted">${__(
			"There is not enough history yet: warnings need about half a year of invoices."
		)}</p>`;
	}
	return html`<div class="cl-ledger">${muted(period_text(found))}
		${table(
			[[__("Signal")], ...heads(), [__("Raised Now"), "cl-number"]],
			found.signals.map((row) => [
				joined([
					form_link("Warning Signal", row.signal, __(row.name)),
					row.needs ? muted(__("Needs: {0}", [__(row.needs)])) : "",
				]),
				...cells(row, uses[row.signal]),
				row.scope === "Company" ? "" : row.now,
			]),
			"",
			"cl-records"
		)}
		${found.rankings?.length ? rankings_html(found) : ""}</div>`;
}

function period_text(found) {
	const parts = [
		__("Looked at every week from {0} to {1}.", [day(found.since), day(found.until)]),
	];
	if (found.base_rate !== null) {
		parts.push(
			__("Of all customers that were not bad, {0} turned bad within 90 days.", [
				percent(100 * found.base_rate, 1),
			])
		);
	}
	parts.push(
		__("{0} times a customer turned bad; {1} of them after a signal that is on.", [
			found.turned_bad,
			found.warned,
		])
	);
	return parts.join(" ");
}

function heads() {
	return [
		[__("Record")],
		[__("Raised"), "cl-number"],
		[__("Turned Bad"), "cl-number"],
		[__("Base Rate"), "cl-number"],
		[__("Lift"), "cl-number"],
		[__("Lead Time (Days)"), "cl-number"],
	];
}

function cells(row, use) {
	const share = row.judged ? ` (${percent((100 * row.bad) / row.judged)})` : "";
	return [
		verdict(row, use),
		row.raised,
		row.judged ? `${row.bad} / ${row.judged}${share}` : "–",
		row.judged ? percent(100 * row.base_rate, 1) : "–",
		row.lift ? format_number(row.lift, null, 1) : "–",
		row.lead_days ? format_number(row.lead_days, null, 0) : "–",
	];
}

function verdict(row, use) {
	const earned = row.is_on || row.verdict === "Beats the Base Rate" || row.unproven;
	const on = use === "Always" || (earned && use !== "Never");
	const state = on ? pill(__("In Use"), earned ? "green" : "orange") : pill(__("Off"), "gray");
	const by_hand = { Always: __("Switched on by hand"), Never: __("Switched off by hand") }[use];
	return joined([state, by_hand ? muted(by_hand) : "", muted(__(row.verdict))]);
}

function rankings_html({ rankings, score }) {
	const said = score
		? score.combined
			? __("The combined score has ranked better than the grade alone, and is used.")
			: __("The combined score has not ranked better than the grade alone: that is used.")
		: __("Too few customers turned bad to learn a score.");
	return card(
		__("Combined Score"),
		html`${muted(said)}${table(
			[
				[__("Ranking")],
				[__("Lift of the Top Tenth"), "cl-number"],
				[__("Caught"), "cl-number"],
				["AUC", "cl-number"],
			],
			rankings.map((row) => [
				__(row.label),
				row.lift === null ? "–" : format_number(row.lift, null, 1),
				row.caught === null ? "–" : percent(100 * row.caught),
				row.auc === null ? "–" : format_number(row.auc, null, 2),
			])
		)}`
	);
}
