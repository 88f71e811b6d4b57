// A month end whose figures have changed since they were stored: reviewed on its form and on the page of the KPIs.

import { ask } from "../shared/ask";
import { prompt } from "../shared/prompt";

/** Ask why its figures have changed; done: called when that is on record. */
export function review_month_end(name, done) {
	prompt({
		title: __("Review Changes"),
		fields: {
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Why the Figures Have Changed"),
			reqd: 1,
		},
		send: ({ why }) => ask("client_ledger.kpis.api.review_changes", { name, why }),
		done: () => done(),
	});
}
