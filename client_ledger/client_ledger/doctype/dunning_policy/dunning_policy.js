// Dunning Policy: try it on the past before it is switched on.

const { html } = client_ledger;
const MOST_SHOWN = 200;

frappe.ui.form.on("Dunning Policy", {
	onload(frm) {
		// Not a default of the field: Frappe would make it the time of day it is now.
		if (frm.is_new() && !frm.doc.opens && !frm.doc.closes) {
			frm.set_value({ opens: "08:00:00", closes: "18:00:00" });
		}
	},
	refresh(frm) {
		const { mode } = frm.doc;
		frm.page.set_indicator(__(mode), client_ledger.colours.colour_of("Dunning Policy", mode));
		if (!frm.is_new()) client_ledger.add_button(frm, __("Replay"), () => ask_replay(frm));
		frm.get_field("template_help").$wrapper.html(String(template_help()));
	},
});

/** What a template may name, by what it is about. */
function template_help() {
	const rows = [
		[
			__("Customer and Company"),
			"customer_name, contact_name, customer, company, account_manager",
		],
		[
			__(
				"Items in the letter, with document, due_date, days_overdue, outstanding, term, level"
			),
			"items, items_total, overdue, oldest_due_date, days_overdue",
		],
		[
			__("Payments and credits on account, with label, document, date, amount"),
			"credits, credit_total",
		],
		[__("Total to pay: items less payments and credits on account"), "net, total"],
		[__("All of these as a table"), "items_table"],
		[__("Fee and interest, and the total with them"), "fee, interest, charges, grand_total"],
		[__("Step and dates"), "step_name, level, today, pay_by, currency"],
		[__("Functions"), "money(amount), day(date)"],
	];
	const lines = rows.map(
		([meaning, names]) => html`<tr><td>${meaning}</td><td><code>${names}</code></td></tr>`
	);
	return html`<details class="text-muted"><summary>${__("What Templates May Use")}</summary>
		<table class="table table-sm"><tbody>${lines}</tbody></table></details>`;
}

function ask_replay(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Replay on Past Data"),
		fields: [
			{
				fieldname: "company",
				fieldtype: "Link",
				options: "Company",
				label: __("Company"),
				reqd: 1,
				default: frm.doc.for_company || frappe.defaults.get_user_default("Company"),
			},
			{
				fieldname: "months",
				fieldtype: "Int",
				label: __("Months"),
				default: 12,
				description: __("Up to 24 months"),
			},
			{
				fieldname: "against",
				fieldtype: "Link",
				options: "Dunning Policy",
				label: __("Compare With"),
				description: __("Leave blank to compare with each customer's current policy"),
			},
		],
		primary_action_label: __("Replay"),
		async primary_action(values) {
			const found = await replay({ policy: frm.doc.name, ...values });
			dialog.hide();
			show(frm, found, values.against || __("Current Policies"));
		},
	});
	dialog.show();
}

/** Go through all customers, some at a time, so that no request takes long. */
async function replay(args) {
	const title = __("Replaying past data…");
	frappe.dom.freeze(title);
	try {
		let found = await part_of_replay(args, null);
		if (!found.next) return found;
		const size = await client_ledger.ask("client_ledger.dunning.api.replay_size", {}, "GET");
		for (let read = found.read; found.next; ) {
			frappe.show_progress(title, read, size);
			const part = await part_of_replay(args, found.next);
			found = { ...part, ...both(found, part) };
			read += part.read;
		}
		return found;
	} finally {
		frappe.dom.unfreeze();
		frappe.hide_progress();
	}
}

const part_of_replay = (args, after) =>
	client_ledger.ask("client_ledger.dunning.api.replay_policy", { ...args, after });

const both = (one, other) => ({
	policy: sum(one.policy, other.policy),
	against: sum(one.against, other.against),
});

/** Two parts of the same replay together: their customers are others. */
function sum(one, other) {
	return {
		messages: one.messages + other.messages,
		customers: one.customers + other.customers,
		paid_anyway: one.paid_anyway + other.paid_anyway,
		most_in_a_week: Math.max(one.most_in_a_week, other.most_in_a_week),
		steps: sum_by(one.steps, other.steps, "step"),
		months: sum_by(one.months, other.months, "month"),
		sample: one.sample
			.concat(other.sample)
			.sort((a, b) => a.day.localeCompare(b.day))
			.slice(-MOST_SHOWN),
	};
}

function sum_by(one, other, key) {
	const rows = new Map(one.map((row) => [row[key], { ...row }]));
	for (const row of other) {
		const there = rows.get(row[key]);
		if (there) there.messages += row.messages;
		else rows.set(row[key], { ...row });
	}
	return [...rows.values()].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

function show(frm, { policy, against, since, until }, other) {
	const period = [since, until].map((date) => frappe.datetime.str_to_user(date));
	const dialog = new frappe.ui.Dialog({
		title: __("{0}, {1} to {2}", [frm.doc.title, ...period]),
		size: "extra-large",
	});
	dialog.$body.html(String(replay_html(policy, against, other)));
	dialog.show();
	draw_months(dialog.$body.find(".cl-replay-chart")[0], policy, against, other);
}

function replay_html(policy, against, other) {
	const row = (
		label,
		key
	) => html`<tr><td>${label}</td><td class="text-right">${policy[key]}</td>
		<td class="text-right">${against[key]}</td></tr>`;
	const steps = policy.steps.map(
		({ name, messages }) =>
			html`<tr><td>${__(name)}</td><td class="text-right">${messages}</td><td></td></tr>`
	);
	return html`<div class="cl-replay">
		<p class="text-muted">${__("Simulation only: nothing was sent or saved.")}</p>
		<table class="table table-sm"><thead><tr><th></th>
			<th class="text-right">${__("This Policy")}</th><th class="text-right">${other}</th></tr></thead>
		<tbody>
			${row(__("Notices"), "messages")}
			${row(__("Customers"), "customers")}
			${row(__("To Customers Who Paid within Two Days Anyway"), "paid_anyway")}
			${row(__("Maximum per Customer in a Week"), "most_in_a_week")}
			${steps}
		</tbody></table>
		<div class="cl-replay-chart"></div>
		<h5>${__("Latest Notices")}</h5>
		<table class="table table-sm"><tbody>${policy.sample.map(message_row).reverse()}</tbody></table>
	</div>`;
}

function message_row({ day, customer, step, total, currency, paid_anyway }) {
	return html`<tr><td>${frappe.datetime.str_to_user(day)}</td>
		<td>${customer}</td>
		<td>${__(step)}</td>
		<td class="text-right">${format_currency(total, currency)}</td>
		<td>${paid_anyway ? __("paid within two days anyway") : ""}</td></tr>`;
}

function draw_months(element, policy, against, other) {
	const labels = policy.months.map(({ month }) => month.slice(0, 7));
	const values = ({ months }) => months.map(({ messages }) => messages);
	frappe.utils.make_chart(element, {
		type: "bar",
		height: 200,
		animate: 0,
		disableEntryAnimation: 1,
		colors: ["blue", "gray"],
		data: {
			labels,
			datasets: [
				{ name: __("This Policy"), values: values(policy) },
				{ name: other, values: values(against) },
			],
		},
	});
}
