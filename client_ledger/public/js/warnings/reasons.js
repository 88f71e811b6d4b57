// Why a warning was raised, on its form, and what a signal's record says.

import { day } from "../shared/format";
import { html } from "../shared/html";
import { reason_of } from "../shared/reasons";

export function percent(share, decimals = 0) {
	return `${format_number(share, null, decimals)} %`;
}

/** One sentence on how often a signal was right on this ledger. record: as the server keeps it, percents as 0 to 100. */
export function record_text(record) {
	if (!record) {
		return __(
			"No record yet: it is made when the past is replayed, and every month from then on."
		);
	}
	const { raised, judged, bad, base_rate, lift, lead_days, since, until } = record;
	if (!judged) {
		return __(
			"Raised {0} times from {1} to {2}: for {3} customers that were bad already; of the others nothing is known yet.",
			[raised, day(since), day(until), record.already_bad]
		);
	}
	const said = __(
		"From {0} to {1}: raised {2} times; of {3} whose 90 days are over {4} turned bad ({5}), against a base rate of {6}.",
		[
			day(since),
			day(until),
			raised,
			judged,
			bad,
			percent((100 * bad) / judged),
			percent(base_rate, 1),
		]
	);
	const times = lift ? __("That is {0} times as often.", [format_number(lift, null, 1)]) : "";
	const lead = lead_days ? __("Lead time: {0} days.", [format_number(lead_days, null, 0)]) : "";
	return [said, times, lead].filter(Boolean).join(" ");
}

/** The reason as a block of a form. */
export function reason_html(doc) {
	return html`<div class="cl-warning-reason">${reason_of(doc)}</div>`;
}
