// The early warnings of a customer on its Collections tab: asked for beside the tab, shown only where there are any.

import { day, form_link, muted, pill, status_pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { card, small_button, table } from "../shared/pieces";
import { colour_of } from "../shared/colours";
import { act_on, close, snooze } from "./actions";
import { reason_of } from "../shared/reasons";

const RUNNING = ["Open", "Snoozed", "Acted"];

export function warnings_card(rows) {
	if (!rows.length) return "";
	return card(
		__("Early Warnings"),
		table(
			[
				[__("Early Warning")],
				[__("Severity")],
				[__("Raised On")],
				[__("Status")],
				[__("Responsible")],
				[""],
			],
			rows.map((row) => [
				joined([form_link("Early Warning", row.name, __(row.signal_name)), why(row)]),
				pill(__(row.severity), colour_of("Severity", row.severity)),
				day(row.raised_on),
				state(row),
				row.responsible,
				buttons(row),
			])
		),
		"cl-warnings"
	);
}

function why(row) {
	const proposed = row.status === "Open" ? __("Proposed: {0}", [__(row.proposed_action)]) : "";
	return muted([reason_of(row), proposed].filter(Boolean).join(" "));
}

function state(row) {
	const more = [
		row.status === "Snoozed" && __("until {0}", [day(row.snoozed_until)]),
		row.outcome && __(row.outcome),
	];
	return joined([
		status_pill("Early Warning", row.status),
		...more.filter(Boolean).map((text) => muted(text)),
	]);
}

function buttons({ name, status, may }) {
	if (!may || !RUNNING.includes(status)) return "";
	return html`<span class="cl-buttons">
		${small_button("warning-act", __("Act", null, "Client Ledger"), { name })}
		${small_button("warning-snooze", __("Snooze"), { name })}
		${small_button("warning-close", __("Close"), { name })}</span>`;
}

/** Carry out a button of the card; return whether it was one. */
export function run_warning({ action, name }, rows, customer, done) {
	const dialogs = { "warning-act": act_on, "warning-snooze": snooze, "warning-close": close };
	const row = rows.find((one) => one.name === name);
	if (!dialogs[action] || !row) return false;
	dialogs[action]({ ...row, customer }, done);
	return true;
}
