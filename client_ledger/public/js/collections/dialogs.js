// What is done about a customer, in dialogs: a contact logged, a promise taken, a dispute opened or ended.

import { ask, attempt } from "../shared/ask";
import { day, money } from "../shared/format";
import { html } from "../shared/html";
import { small_button } from "../shared/pieces";
import { once, prompt } from "../shared/prompt";

export const OUTCOMES = ["Reached", "No Answer", "Refuses to Pay", "Wrong Contact", "Referred"];
const CHANNELS = ["Call", "Email", "Visit", "Message", "Letter"];
const NEEDS_NEXT = ["Reached", "No Answer", "Refuses to Pay", "Wrong Contact"];
const MONDAY = 1;

const options = (values) => values.map((value) => ({ value, label: __(value) }));

/** who: {customer, company, overdue}; outcome: chosen already, so that only the day is left to confirm; notes: written
 * already; done: called with the follow-up's name and the outcome. */
export function log_contact(who, { follow_up, outcome, notes } = {}, done = () => {}) {
	let logged;
	const dialog = new frappe.ui.Dialog({
		title: __("Log Contact"),
		fields: [
			{
				fieldname: "outcome",
				fieldtype: "Select",
				label: __("Outcome"),
				options: OUTCOMES.map((value) => ({ value, label: __(value, null, "Follow Up") })),
				default: outcome || "Reached",
				reqd: 1,
			},
			{
				fieldname: "channel",
				fieldtype: "Select",
				label: __("Channel"),
				options: options(CHANNELS),
				default: "Call",
				reqd: 1,
			},
			{ fieldtype: "Column Break" },
			{
				...next_date_field(outcome === "No Answer" ? 1 : 7),
				depends_on: `eval:${JSON.stringify(NEEDS_NEXT)}.includes(doc.outcome)`,
			},
			{
				fieldname: "days_html",
				fieldtype: "HTML",
				depends_on: `eval:${JSON.stringify(NEEDS_NEXT)}.includes(doc.outcome)`,
			},
			{ fieldtype: "Section Break" },
			{
				fieldname: "notes",
				fieldtype: "Small Text",
				label: __("Notes"),
				default: notes || "",
			},
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			await once(
				dialog,
				async () => {
					logged = await ask("client_ledger.collections.api.log_contact", {
						customer: who.customer,
						company: who.company,
						follow_up: follow_up || "",
						outcome: values.outcome,
						channel: values.channel,
						next_date: NEEDS_NEXT.includes(values.outcome)
							? values.next_date || ""
							: "",
						notes: values.notes || "",
					});
				},
				() => done(logged, values.outcome)
			);
		},
	});
	offer_days(dialog);
	dialog.show();
}

/** Log for *rows* ({customer, company, customer_name}) that nobody answered; done: called with what became of each. */
export function log_no_answer(rows, done = () => {}) {
	let results;
	const dialog = new frappe.ui.Dialog({
		title: __("No Answer: {0} Customers", [rows.length]),
		fields: [
			{ ...next_date_field(1), reqd: 1 },
			{ fieldname: "days_html", fieldtype: "HTML" },
		],
		primary_action_label: __("Save"),
		async primary_action({ next_date }) {
			const accounts = rows.map(({ customer, company }) => ({ customer, company }));
			await once(
				dialog,
				async () => {
					const method = "client_ledger.collections.api.log_no_answer";
					results = await ask(method, { accounts, next_date }, "POST", { freeze: true });
				},
				() => done(results)
			);
		},
	});
	offer_days(dialog);
	dialog.show();
}

function next_date_field(days) {
	return {
		fieldname: "next_date",
		fieldtype: "Date",
		label: __("Next Date"),
		default: in_days(days),
	};
}

const in_days = (days) => frappe.datetime.add_days(frappe.datetime.get_today(), days);

/** The days that are chosen most, under the field of the next date. */
function offer_days(dialog) {
	const today = frappe.datetime.str_to_obj(frappe.datetime.get_today()).getDay();
	const until_monday = (MONDAY - today + 7) % 7 || 7;
	const days = [
		[__("Tomorrow"), 1],
		[__("In 3 Days"), 3],
		[__("Monday"), until_monday],
		[__("In a Week"), 7],
		[__("In 2 Weeks"), 14],
	];
	const seen = new Set();
	const chips = days
		.filter(([, number]) => !seen.has(number) && seen.add(number))
		.map(([label, number]) =>
			small_button("day", label, { day: in_days(number) }, "btn-default cl-day")
		);
	const { $wrapper } = dialog.get_field("days_html");
	$wrapper.html(String(html`<div class="cl-days">${chips}</div>`));
	const mark = () =>
		$wrapper.find("[data-day]").each((i, chip) => {
			chip.setAttribute(
				"aria-pressed",
				String(chip.dataset.day === dialog.get_value("next_date"))
			);
		});
	$wrapper.on("click", "[data-day]", async (event) => {
		await dialog.set_value("next_date", event.currentTarget.dataset.day);
		mark();
	});
	dialog.fields_dict.next_date.df.onchange = mark;
	mark();
}

export function plan_follow_up(who, done = () => {}) {
	const dialog = new frappe.ui.Dialog({
		title: __("Plan Follow Up"),
		fields: [
			{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), reqd: 1 },
			{
				fieldname: "due_date",
				fieldtype: "Date",
				label: __("Due Date"),
				reqd: 1,
				default: frappe.datetime.add_days(frappe.datetime.get_today(), 1),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "channel",
				fieldtype: "Select",
				label: __("Channel"),
				options: options(CHANNELS),
				default: "Call",
			},
			{
				fieldname: "responsible",
				fieldtype: "Link",
				options: "User",
				label: __("Assign To"),
			},
		],
		primary_action_label: __("Plan"),
		async primary_action(values) {
			await once(
				dialog,
				() =>
					ask("client_ledger.collections.api.plan_follow_up", {
						customer: who.customer,
						company: who.company,
						subject: values.subject,
						due_date: values.due_date,
						channel: values.channel,
						responsible: values.responsible || "",
					}),
				done
			);
		},
	});
	dialog.show();
}

export async function take_promise(who, { follow_up } = {}, done = () => {}) {
	const items = await free_items(who);
	const dialog = new frappe.ui.Dialog({
		title: __("Record Promise to Pay"),
		size: "large",
		fields: [
			{ fieldname: "items_html", fieldtype: "HTML" },
			{ fieldtype: "Section Break", label: __("Payment Schedule") },
			{ fieldname: "plan_html", fieldtype: "HTML" },
			{ fieldtype: "Section Break" },
			{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			await once(
				dialog,
				() =>
					ask("client_ledger.collections.api.take_promise", {
						customer: who.customer,
						company: who.company,
						items: JSON.stringify(chosen.rows()),
						instalments: JSON.stringify(plan.rows()),
						follow_up: follow_up || "",
						notes: values.notes || "",
					}),
				done
			);
		},
	});
	const plan = new Plan(dialog.get_field("plan_html").$wrapper);
	const chosen = new Choice(
		dialog.get_field("items_html").$wrapper,
		items,
		(total, currency) => plan.fit(total, currency),
		(item) => item.days > 0
	);
	dialog.show();
	chosen.tell();
}

export async function open_dispute(who, { follow_up } = {}, done = () => {}) {
	const items = await ask(
		"client_ledger.collections.api.open_items",
		{ customer: who.customer, company: who.company },
		"GET"
	);
	const dialog = new frappe.ui.Dialog({
		title: __("Record Dispute"),
		size: "large",
		fields: [
			{ fieldname: "items_html", fieldtype: "HTML" },
			{ fieldtype: "Section Break" },
			{
				fieldname: "reason",
				fieldtype: "Select",
				options: options(who.reasons),
				label: __("Reason"),
				reqd: 1,
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "responsible",
				fieldtype: "Link",
				options: "User",
				label: __("Assign To"),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "details", fieldtype: "Small Text", label: __("Details") },
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			await once(
				dialog,
				() =>
					ask("client_ledger.collections.api.open_dispute", {
						customer: who.customer,
						company: who.company,
						items: JSON.stringify(chosen.rows()),
						reason: values.reason,
						follow_up: follow_up || "",
						details: values.details || "",
						responsible: values.responsible || "",
					}),
				done
			);
		},
	});
	const chosen = new Choice(
		dialog.get_field("items_html").$wrapper,
		items,
		() => {},
		() => false
	);
	dialog.show();
}

export function settle_dispute(name, done = () => {}) {
	const endings = ["Credited", "Accepted", "Rejected", "Short Payment Accepted", "Cancelled"];
	const dialog = new frappe.ui.Dialog({
		title: __("Resolve Dispute {0}", [name]),
		fields: [
			{
				fieldname: "status",
				fieldtype: "Select",
				label: __("Resolution"),
				options: options(endings),
				reqd: 1,
			},
			{
				fieldname: "credit_note",
				fieldtype: "Link",
				options: "Sales Invoice",
				label: __("Credit Note", null, "Client Ledger"),
				depends_on: "eval:doc.status==='Credited'",
				mandatory_depends_on: "eval:doc.status==='Credited'",
				get_query: () => ({ filters: { is_return: 1, docstatus: 1 } }),
			},
			{
				fieldname: "resolution",
				fieldtype: "Small Text",
				label: __("Details"),
				depends_on: "eval:doc.status!=='Credited'",
			},
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			const by_note = values.status === "Credited";
			await once(
				dialog,
				() =>
					by_note
						? ask("client_ledger.collections.api.credit_dispute", {
								name,
								credit_note: values.credit_note,
						  })
						: ask("client_ledger.collections.api.settle_dispute", {
								name,
								status: values.status,
								resolution: values.resolution || "",
						  }),
				done
			);
		},
	});
	dialog.show();
}

export function cancel_promise(name, done = () => {}) {
	prompt({
		title: __("Cancel Promise {0}", [name]),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ why }) => ask("client_ledger.collections.api.cancel_promise", { name, why }),
		done: () => done(),
	});
}

/** Open the form of a new case or write-off: about what is overdue, or *items*, with its currency and amounts. */
export async function open_new(doctype, { customer, company }, { items = [], values = {} } = {}) {
	let found;
	const method = "client_ledger.collections.api.new_document";
	const args = { doctype, customer, company, items };
	if (!(await attempt(async () => (found = await ask(method, args))))) return;
	await frappe.model.with_doctype(doctype);
	const doc = frappe.model.get_new_doc(doctype);
	// Without the empty row that the host puts into a table that must not be empty.
	Object.assign(doc, found.values, values, { items: [] });
	found.items.forEach((row) => Object.assign(frappe.model.add_child(doc, "items"), row));
	await frappe.set_route("Form", doctype, doc.name);
	if (!found.others.length) return;
	frappe.show_alert({
		message: __("Items in {0} need a document of their own.", [found.others.join(", ")]),
		indicator: "orange",
	});
}

async function free_items({ customer, company }) {
	const items = await ask(
		"client_ledger.collections.api.open_items",
		{ customer, company },
		"GET"
	);
	return items.filter((item) => !item.promised_for);
}

/** Items to choose from, each with the amount that is meant. */
export class Choice {
	constructor($wrapper, items, changed, preset) {
		Object.assign(this, { $wrapper, items, changed });
		const rows = items.map((item, i) => this.row_html(item, i, preset(item)));
		const table = html`<table class="cl-plain cl-choice" role="table"><tbody role="rowgroup">${rows}</tbody></table>`;
		const nothing = html`<p class="text-muted">${__("No open items")}</p>`;
		$wrapper.html(String(items.length ? table : nothing));
		this.amounts = items.map(({ name, outstanding, currency }, i) => {
			const control = money_control(
				$wrapper.find(`[data-place=${i}]`),
				outstanding,
				currency,
				name
			);
			control.$input.attr("data-amount", i);
			return control;
		});
		$wrapper.on("change input", "input", () => this.tell());
	}

	row_html({ name, payment_term, days, due_date, outstanding, currency }, i, checked) {
		const late = days
			? html`<span class="text-danger">${__("Overdue by {0} days", [days])}</span>`
			: "";
		return html`<tr role="row">
			<td role="cell"><label><input type="checkbox" data-i="${i}" ${checked ? "checked" : ""}>
				${name}${payment_term ? ` (${payment_term})` : ""}</label></td>
			<td role="cell">${day(due_date)} ${late}</td>
			<td role="cell" class="cl-number">${money(outstanding, currency)}</td>
			<td role="cell" class="cl-amount" data-place="${i}"></td></tr>`;
	}

	rows() {
		return this.items
			.map((item, i) => ({ item, i }))
			.filter(({ i }) => this.$wrapper.find(`[data-i=${i}]`).is(":checked"))
			.map(({ item, i }) => ({
				voucher_type: item.doctype,
				voucher_no: item.name,
				payment_term: item.payment_term,
				amount: this.amounts[i].get_value() || 0,
			}));
	}

	tell() {
		const rows = this.rows();
		const total = rows.reduce((sum, row) => sum + row.amount, 0);
		this.changed(Math.round(total * 100) / 100, (this.items[0] || {}).currency);
	}
}

/** The days of a promise, one or several; the amounts follow what is chosen until somebody types one. */
class Plan {
	constructor($wrapper) {
		this.$wrapper = $wrapper;
		this.days = [];
		this.amounts = [];
		this.parts = [
			{ due_date: frappe.datetime.add_days(frappe.datetime.get_today(), 7), amount: 0 },
		];
		$wrapper.on("click", "[data-action=add-part]", () => this.add());
		$wrapper.on("click", "[data-action=remove-part]", () => this.remove());
		$wrapper.on("change", "input", () => this.read());
	}

	fit(total, currency) {
		this.read();
		this.total = total;
		this.currency = currency;
		const share = Math.floor((total / this.parts.length) * 100) / 100;
		this.parts.forEach((part) => (part.amount = share));
		const rest = total - share * (this.parts.length - 1);
		this.parts[this.parts.length - 1].amount = Math.round(rest * 100) / 100;
		this.draw();
	}

	add() {
		this.read();
		const last = this.parts[this.parts.length - 1].due_date;
		this.parts.push({ due_date: frappe.datetime.add_months(last, 1), amount: 0 });
		this.fit(this.total || 0, this.currency);
	}

	remove() {
		if (this.parts.length > 1) this.parts.pop();
		this.draw();
		this.fit(this.total || 0, this.currency);
	}

	read() {
		this.parts.forEach((part, i) => {
			const control = this.days[i];
			if (!control) return;
			part.due_date = control.get_value() || part.due_date;
			part.amount = this.amounts[i].get_value() || 0;
		});
	}

	rows() {
		this.read();
		return this.parts;
	}

	draw() {
		const rows = this.parts.map(
			(_part, i) => html`<div class="cl-instalment">
				<div data-day="${i}"></div><div class="cl-amount" data-place="${i}"></div></div>`
		);
		const total = `${__("Promised")}: ${money(this.total || 0, this.currency)}`;
		this.$wrapper.html(
			String(html`${rows}
				<p>${small_button("add-part", __("Add Instalment"))}
				${this.parts.length > 1 ? small_button("remove-part", __("Remove")) : ""}
				<span class="text-muted">${total}</span></p>`)
		);
		this.days = this.parts.map(({ due_date }, i) =>
			date_control(this.$wrapper.find(`[data-day=${i}]`), due_date)
		);
		this.amounts = this.parts.map(({ amount }, i) => {
			const $place = this.$wrapper.find(`[data-place=${i}]`);
			const control = money_control($place, amount, this.currency);
			control.$input.attr("data-part", i);
			return control;
		});
	}
}

/** The desk's own field for an amount, which writes and reads it as its currency and the user do. of: what it is of. */
function money_control($parent, value, currency, of = "") {
	const control = frappe.ui.form.make_control({
		parent: $parent,
		df: {
			fieldtype: "Currency",
			fieldname: "amount",
			label: __("Amount"),
			options: "currency",
		},
		get_doc: () => ({ currency }),
		only_input: true,
		render_input: true,
	});
	const named = [__("Amount"), of, currency].filter(Boolean).join(" ");
	control.$input.attr({ "aria-label": named, inputmode: "decimal" }).addClass("input-sm");
	// At once: what is chosen is added up as soon as it stands there.
	control.set_input(value);
	return control;
}

/** The desk's own field for a day, which writes and reads it in the user's format. */
function date_control($parent, value) {
	const control = frappe.ui.form.make_control({
		parent: $parent,
		df: { fieldtype: "Date", fieldname: "day", label: __("Date") },
		only_input: true,
		render_input: true,
	});
	control.$input.attr("aria-label", __("Date")).addClass("input-sm");
	control.set_value(value);
	return control;
}
