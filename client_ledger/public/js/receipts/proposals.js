// What is decided about receipts without an invoice, in dialogs: applied, declined, other invoices chosen. The server checks again.

import { Choice } from "../collections/dialogs";
import { ask, attempt } from "../shared/ask";
import { form_link, money } from "../shared/format";
import { html } from "../shared/html";
import { table } from "../shared/pieces";
import { prompt } from "../shared/prompt";

/** Apply the proposals *names* after a question, and say what became of each. */
export function apply_proposals(names, done = () => {}) {
	const question =
		names.length > 1 ? __("Apply {0} proposals?", [names.length]) : __("Apply this proposal?");
	const method = "client_ledger.receipts.api.apply_proposals";
	frappe.confirm(`${question} ${__("Their receipts are allocated in ERPNext.")}`, async () =>
		tell_each(await ask(method, { names }, "POST", { freeze: true }), __("Applied"), done)
	);
}

/** Decline the proposals *names*: the same is not proposed again. */
export function decline_proposals(names, done = () => {}) {
	prompt({
		title: __("Decline {0} Proposals", [names.length]),
		label: __("Decline"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason") },
		send: ({ why }) =>
			ask(
				"client_ledger.receipts.api.decline_proposals",
				{ names, why: why || "" },
				"POST",
				{ freeze: true }
			),
		done: (found) => tell_each(found, __("Declined"), done),
	});
}

function tell_each(found, title, done) {
	const refused = found.filter((row) => !row.done);
	const number = found.length - refused.length;
	if (number) {
		frappe.show_alert({ message: `${title}: ${number}`, indicator: "green" });
	}
	if (refused.length) {
		const rows = refused.map(({ name, reason }) => [
			form_link("Receipt Proposal", name),
			reason,
		]);
		frappe.msgprint({
			title: __("Not Done: {0}", [refused.length]),
			message: String(table([[__("Receipt Proposal")], [__("Reason")]], rows, "")),
			indicator: "orange",
		});
	}
	done(found);
}

/** Choose the invoices that a receipt pays. doc: the proposal. */
export async function choose_invoices(doc, done = () => {}) {
	await frappe.require("customer_ledger.bundle.css");
	let choice = null;
	let shown = null;
	const dialog = new frappe.ui.Dialog({
		title: __("Choose Invoices for {0}", [money(doc.amount, doc.currency)]),
		size: "large",
		fields: [
			{
				fieldname: "customer",
				fieldtype: "Link",
				options: "Customer",
				label: __("Customer"),
				default: doc.customer,
				read_only: doc.receipt_type === "Payment Entry" ? 1 : 0,
				reqd: 1,
				onchange: () => load(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "withheld_as",
				fieldtype: "Select",
				label: __("Withheld As"),
				options: ["", "Cash Discount", "Bank Fee"].map((value) => ({
					value,
					label: __(value),
				})),
				default: doc.withheld_as || "",
				description: __("What the invoices are more than the receipt."),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "items_html", fieldtype: "HTML" },
			{ fieldname: "total_html", fieldtype: "HTML" },
		],
		primary_action_label: __("Choose"),
		async primary_action({ customer, withheld_as }) {
			const items = choice ? choice.rows() : [];
			dialog.disable_primary_action();
			const chosen = await attempt(() =>
				ask("client_ledger.receipts.api.choose_invoices", {
					name: doc.name,
					customer,
					items: JSON.stringify(items),
					withheld_as: withheld_as || "",
				})
			);
			dialog.enable_primary_action();
			if (!chosen) return;
			dialog.hide();
			done();
		},
	});
	const $items = dialog.get_field("items_html").$wrapper;

	async function load() {
		const customer = dialog.get_value("customer");
		// The field also says that it has changed when it is filled at first.
		if (customer === shown) return;
		shown = customer;
		choice = null;
		$items.off("change input");
		if (!customer)
			return $items.html(
				String(html`<p class="text-muted">${__("Select a customer.")}</p>`)
			);
		let found;
		const loaded = await attempt(async () => {
			found = await ask(
				"client_ledger.receipts.api.invoices_to_choose",
				{ name: doc.name, customer },
				"GET"
			);
		});
		// Another customer may have been chosen meanwhile.
		if (!loaded || dialog.get_value("customer") !== customer) return;
		choice = new Choice($items, found.map(as_item), tell, (item) => item.proposed !== 0);
		found.forEach(({ amount }, i) => amount && choice.amounts[i].set_input(amount));
		choice.tell();
	}

	function tell(total) {
		const rest = Math.round((doc.amount - total) * 100) / 100;
		const text =
			rest < 0
				? __("Chosen: {0}. {1} more than the receipt.", [
						money(total, doc.currency),
						money(-rest, doc.currency),
				  ])
				: __("Chosen: {0}. {1} stays on account.", [
						money(total, doc.currency),
						money(rest, doc.currency),
				  ]);
		const { $wrapper } = dialog.get_field("total_html");
		$wrapper.html(
			String(html`<p class="${rest < 0 ? "text-danger" : "text-muted"}">${text}</p>`)
		);
	}

	dialog.show();
	load();
}

function as_item({
	voucher_type,
	voucher_no,
	payment_term,
	due_date,
	outstanding,
	currency,
	amount,
}) {
	const late = frappe.datetime.get_day_diff(frappe.datetime.get_today(), due_date);
	return {
		doctype: voucher_type,
		name: voucher_no,
		payment_term,
		due_date,
		days: outstanding > 0 ? Math.max(late, 0) : 0,
		outstanding,
		currency,
		proposed: amount,
	};
}

/** Queue proposing anew for a company, or for all that the user sees. */
export async function propose_again(company) {
	const queued = await attempt(() =>
		ask("client_ledger.receipts.api.propose_again", company ? { company } : {})
	);
	if (!queued) return;
	frappe.show_alert({ message: __("Invoices are being proposed anew."), indicator: "blue" });
}
