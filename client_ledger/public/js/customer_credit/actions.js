// What can be done on the Credit tab: assess now, and open a new request with what is known filled in.

import { ask } from "./customer_credit";

export function act(action, data, done) {
	const { customer, company, today } = data;
	const actions = {
		async assess() {
			frappe.dom.freeze(__("Assessing"));
			try {
				await ask("assess_now", { customer, company }, "POST");
			} finally {
				frappe.dom.unfreeze();
			}
			frappe.show_alert({ message: __("Assessed"), indicator: "green" });
			done();
		},
		limit: () => frappe.new_doc("Credit Limit", { customer, company, valid_from: today }),
		override: () =>
			frappe.new_doc("Credit Grade Override", { customer, company, valid_from: today }),
		reference: () =>
			frappe.new_doc("Credit Reference", { customer, company, valid_from: today }),
	};
	return actions[action]();
}
