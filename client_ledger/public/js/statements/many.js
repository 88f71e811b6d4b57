// Statements to many customers at once, from a list: what they cover is asked once, each customer gets its own.

import { ask, attempt } from "../shared/ask";
import { html } from "../shared/html";
import { coverage_fields } from "./coverage";

/** Offer Send Statement for the chosen rows of a list. accounts: returns [{customer, company}] of rows; company null: asked. */
export function offer_statements(list, accounts) {
	const works = [
		"Accounts Manager",
		"Credit Manager",
		"Credit Controller",
		"Sales Manager",
		"Sales User",
	];
	if (!frappe.model.can_read("Client Account")) return;
	if (!frappe.user_roles.some((role) => works.includes(role))) return;
	list.page.add_actions_menu_item(__("Send Statement"), () =>
		send_statements(accounts(list.get_checked_items()))
	);
}

export function send_statements(accounts) {
	if (!accounts.length) return;
	const companies = [...new Set(accounts.map(({ company }) => company).filter(Boolean))];
	const dialog = new frappe.ui.Dialog({
		title: __("Send Statement to {0} Customers", [accounts.length]),
		fields: [
			{
				fieldname: "company",
				fieldtype: "Link",
				options: "Company",
				label: __("Company"),
				default: companies[0] || frappe.defaults.get_user_default("Company"),
				hidden: companies.length > 0,
				reqd: 1,
			},
			...coverage_fields(),
			{
				fieldname: "opening",
				fieldtype: "Small Text",
				label: __("Opening Lines"),
				description: __("Leave blank for the standard text in each customer's language."),
			},
		],
		primary_action_label: __("Send"),
		async primary_action({ company, ...values }) {
			dialog.disable_primary_action();
			const answers = [];
			const done = await attempt(async () => {
				for (const of_company of companies.length ? companies : [company]) {
					const customers = accounts
						.filter((one) => !one.company || one.company === of_company)
						.map(({ customer }) => customer);
					const args = {
						customers: [...new Set(customers)],
						company: of_company,
						...values,
					};
					answers.push(
						await ask(
							"client_ledger.statement_runs.api.send_statements",
							args,
							"POST",
							{
								freeze: true,
							}
						)
					);
				}
			});
			dialog.enable_primary_action();
			if (!done) return;
			dialog.hide();
			frappe.msgprint({ title: __("Send Statement"), message: String(result(answers)) });
		},
	});
	dialog.show();
}

function result(answers) {
	const sum = (key) => answers.reduce((total, answer) => total + answer[key], 0);
	const lines = [
		__("{0} statements are under way.", [sum("statements") - sum("stopped")]),
		sum("stopped") && __("{0} could not be sent: see their reasons.", [sum("stopped")]),
		sum("empty") && __("{0} customers have nothing to state.", [sum("empty")]),
	].filter(Boolean);
	const list = `${frappe.router.make_url(["customer-statement"])}?origin=User`;
	return html`${lines.map((line) => html`<p>${line}</p>`)}
		<p><a href="${list}">${__("Customer Statements")}</a></p>`;
}
