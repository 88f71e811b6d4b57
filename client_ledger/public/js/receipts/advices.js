// Payments that customers announce, in dialogs: recorded as the customer says, withdrawn.

import { ask, attempt } from "../shared/ask";
import { Choice } from "../collections/dialogs";
import { prompt } from "../shared/prompt";

/** Record a payment that a customer announces. who: {customer, company, currency, items}. */
export function announce_payment(who, done = () => {}) {
	const invoices = who.items.filter(({ doctype }) => doctype === "Sales Invoice");
	const currency = invoices.length ? invoices[0].currency : who.currency;
	const dialog = new frappe.ui.Dialog({
		title: __("Record Announced Payment"),
		size: "large",
		fields: [
			{
				fieldname: "currency",
				fieldtype: "Link",
				options: "Currency",
				label: __("Currency"),
				default: currency,
				reqd: 1,
			},
			{
				fieldname: "amount",
				fieldtype: "Currency",
				options: "currency",
				label: __("Amount"),
				reqd: 1,
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "payment_date",
				fieldtype: "Date",
				label: __("Payment Date"),
				default: frappe.datetime.get_today(),
				reqd: 1,
			},
			{ fieldname: "reference", fieldtype: "Data", label: __("Payment Reference") },
			{ fieldtype: "Section Break", label: __("Invoices") },
			{ fieldname: "items_html", fieldtype: "HTML" },
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			dialog.disable_primary_action();
			const rows = choice
				.rows()
				.map(({ voucher_no, amount }) => ({ sales_invoice: voucher_no, amount }));
			const saved = await attempt(() =>
				ask("client_ledger.receipts.api.announce_payment", {
					customer: who.customer,
					company: who.company,
					...values,
					invoices: JSON.stringify(summed(rows)),
				})
			);
			dialog.enable_primary_action();
			if (!saved) return;
			dialog.hide();
			done();
		},
	});
	const choice = new Choice(
		dialog.get_field("items_html").$wrapper,
		invoices,
		(total) => total && dialog.set_value("amount", total),
		() => false
	);
	dialog.show();
}

/** The terms of an invoice are one row of it. */
function summed(rows) {
	const found = new Map();
	for (const { sales_invoice, amount } of rows) {
		found.set(sales_invoice, (found.get(sales_invoice) || 0) + amount);
	}
	return [...found].map(([sales_invoice, amount]) => ({ sales_invoice, amount }));
}

export function withdraw_advice(name, done = () => {}) {
	prompt({
		title: __("Withdraw {0}", [name]),
		label: __("Withdraw"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason") },
		send: ({ why }) =>
			ask("client_ledger.receipts.api.withdraw_advice", { name, why: why || "" }),
		done: () => done(),
	});
}
