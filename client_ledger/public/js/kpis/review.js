// A month end whose figures have changed since they were stored: reviewed on its form and on the page of the KPIs.

import { ask, attempt } from "../shared/ask";

/** Ask why its figures have changed; done: called when that is on record. */
export function review_month_end(name, done) {
	frappe.prompt(
		{
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Why the Figures Have Changed"),
			reqd: 1,
		},
		async ({ why }) => {
			const reviewed = await attempt(() =>
				ask("client_ledger.kpis.api.review_changes", { name, why })
			);
			if (reviewed) done();
		},
		__("Review Changes"),
		__("Save")
	);
}
