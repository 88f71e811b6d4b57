// What can be done from the Credit tab. The server says what the user may do, and checks it again.

import { button } from "../shared/pieces";

export function buttons({ can }) {
	const offered = [
		[true, "refresh", __("Refresh")],
		[can.assess, "assess", __("Assess Now")],
		[can.request_limit, "request_limit", __("Request Limit Change")],
		[can.override, "override", __("Override Grade")],
		[can.reference, "reference", __("Add Reference")],
		[can.queue, "queue", __("View Credit Holds")],
	];
	return offered
		.filter(([is_offered]) => is_offered)
		.map(([, action, label]) => button(action, label));
}

export function act(tab, action) {
	const { customer, company } = tab;
	const actions = {
		refresh: () => tab.load(),
		assess: () => assess(tab),
		request_limit: () => frappe.new_doc("Credit Limit", { customer, company }),
		override: () => frappe.new_doc("Credit Grade Override", { customer, company }),
		reference: () => frappe.new_doc("Credit Reference", { customer, company }),
		queue: () => frappe.set_route("List", "Credit Hold", { status: "On Hold", company }),
	};
	actions[action]();
}

async function assess(tab) {
	try {
		await tab.ask("client_ledger.credit.api.assess_now", {}, "POST");
	} catch {
		// Frappe has shown why; the tab stays as it was.
		return;
	}
	frappe.show_alert({ message: __("Assessed"), indicator: "green" });
	tab.load();
}
