// What is asked before a difference is decided: another step, a payment, a reason, lines to join, who signs.

import { attempt } from "../shared/ask";
import { day, document_link, money, muted } from "../shared/format";
import { html, joined } from "../shared/html";
import { table } from "../shared/pieces";
import { lines_html, step_label, step_link } from "./differences";
import { once, prompt } from "../shared/prompt";

export { step_link };

const DISPUTE = "Open a Dispute";

/** Another step than the proposed one, and the reason of a dispute. */
export function other_step(comparison, row) {
	const steps = [row.next_step, ...row.possible.filter((step) => step !== row.next_step)];
	prompt({
		title: step_label(row.next_step),
		label: __("Continue"),
		fields: [
			{
				fieldname: "step",
				fieldtype: "Select",
				label: __("Next Step"),
				options: steps.map((step) => ({ value: step, label: __(step) })),
				default: steps[0],
				reqd: 1,
			},
			{
				fieldname: "reason",
				fieldtype: "Link",
				options: "Dispute Reason",
				label: __("Reason"),
				depends_on: `eval:doc.step === "${DISPUTE}"`,
			},
		],
		send: ({ step, reason }) =>
			comparison.ask_step(row.name, step, step === DISPUTE && reason ? { reason } : {}),
		done: (made) => comparison.step_made(row.name, made),
	});
}

/** End a difference because both sides agree on it. */
export function agree(comparison, line) {
	prompt({
		title: __("Agree on the Difference"),
		label: __("Agree"),
		fields: {
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: __("Why neither side has anything to do about it any more."),
		},
		send: ({ why }) =>
			comparison.ask("client_ledger.confirmations.comparison_api.agree_on_difference", {
				line,
				why,
			}),
		done: () => comparison.refresh(),
	});
}

/** The payments that were found; without one of them, a task for who looks after the customer. */
export function choose_payment(comparison, row, candidates) {
	const { currency } = comparison.data;
	const dialog = new frappe.ui.Dialog({
		title: __("Is It One of These?"),
		size: "large",
		primary_action_label: __("None of Them: Ask the Customer"),
		primary_action: () =>
			once(
				dialog,
				() => comparison.ask_step(row.name, "Ask the Customer"),
				(made) => comparison.step_made(row.name, made)
			),
	});
	const rows = candidates.map((one) => [
		html`<div>${document_link(one)}<div>${muted(
			joined([__(one.doctype), day(one.date)], " · ")
		)}</div></div>`,
		html`<div>${one.party || muted(__("No Customer"))}<div>${muted(
			one.reference || ""
		)}</div></div>`,
		money(one.amount, currency),
		html`<div>${one.why.join(", ")}${one.is_draft ? html` · ${__("Draft")}` : ""}</div>`,
		html`<button type="button" class="btn btn-default btn-xs" data-payment="${one.name}"
			data-doctype="${one.doctype}">${__("This One")}</button>`,
	]);
	const heads = [
		[__("Document")],
		[__("Customer")],
		[__("Amount"), "cl-number"],
		[__("Why")],
		[""],
	];
	dialog.$body.html(
		String(
			html`<div class="cl-ledger cl-comparison">${lines_html(row.theirs, currency)}${table(
				heads,
				rows
			)}</div>`
		)
	);
	dialog.$body.on("click", "[data-payment]", async ({ currentTarget: { dataset } }) => {
		const { doctype, payment } = dataset;
		const chosen = { line: row.name, payment_type: doctype, payment };
		if (
			await comparison.change_line(
				"client_ledger.confirmations.comparison_api.choose_payment",
				chosen
			)
		)
			dialog.hide();
	});
	dialog.show();
}

/** Lines without counterpart of both sides, to be joined by hand. */
export async function join(comparison) {
	let lines;
	const loaded = await attempt(async () => {
		lines = await comparison.ask(
			"client_ledger.confirmations.comparison_api.lines_to_join",
			{},
			"GET"
		);
	});
	if (!loaded) return;
	const { currency } = comparison.data;
	const dialog = new frappe.ui.Dialog({
		title: __("Join Lines"),
		size: "extra-large",
		primary_action_label: __("Join"),
		async primary_action() {
			const chosen = dialog.$body
				.find("input:checked")
				.get()
				.map((input) => input.value);
			if (
				await comparison.change("client_ledger.confirmations.comparison_api.join_lines", {
					chosen,
				})
			)
				dialog.hide();
		},
	});
	const side = (title, rows) => html`<div class="cl-join-side"><h5>${title}</h5>
		<input type="search" class="form-control input-sm" data-control="search" placeholder="${__(
			"Search"
		)}"
			aria-label="${title}: ${__("Search")}">
		${
			rows.length
				? rows.map(
						(row) => html`<label class="cl-join-line"><input type="checkbox" value="${
							row.id
						}"
							data-amount="${row.amount}"> <span>${row.number || __("Without Number")}
							${muted(joined([day(row.date), money(row.amount, currency)], " · "))}</span></label>`
				  )
				: html`<p class="cl-muted">${__("Every line has its counterpart.")}</p>`
		}</div>`;
	dialog.$body.html(
		String(html`<div class="cl-ledger cl-comparison"><p class="cl-muted">${__(
			"Select what belongs together, at least one line of each ledger. What the amounts differ by stays visible."
		)}</p><div class="cl-join">${side(__("Our Ledger"), lines.Ours)}${side(
			__("Their Ledger"),
			lines.Theirs
		)}</div>
		<p class="cl-join-sum" role="status"></p></div>`)
	);
	dialog.$body.on("change", "input[type=checkbox]", () => show_sums(dialog.$body, currency));
	dialog.$body.on("input", "[data-control=search]", ({ target }) => {
		const wanted = target.value.trim().toLowerCase();
		$(target)
			.closest(".cl-join-side")
			.find(".cl-join-line")
			.each((_i, label) => {
				label.hidden =
					Boolean(wanted) && !label.textContent.toLowerCase().includes(wanted);
			});
	});
	dialog.show();
}

function show_sums($body, currency) {
	const sums = $body
		.find(".cl-join-side")
		.get()
		.map((element) =>
			$(element)
				.find("input:checked")
				.get()
				.reduce((sum, input) => sum + Number(input.dataset.amount), 0)
		);
	const text = __(
		"{0} in our ledger, {1} in theirs",
		sums.map((sum) => money(sum, currency))
	);
	$body.find(".cl-join-sum").text(text);
}

/** Who signs for us; the other side is who has answered. */
export function settle(comparison) {
	prompt({
		title: __("Settle and Sign"),
		label: __("Settle"),
		fields: [
			{
				fieldname: "note",
				fieldtype: "HTML",
				options: String(
					html`<p>${__(
						"The comparison is closed, and a paper is made with the balance, the differences and both sides' names, to be signed and stamped. It is kept in the archive."
					)}</p>`
				),
			},
			{ fieldname: "position", fieldtype: "Data", label: __("Your Position") },
		],
		send: ({ position }) =>
			comparison.ask("client_ledger.confirmations.comparison_api.settle_confirmation", {
				position: position || "",
			}),
		done: () => comparison.refresh(),
	});
}

/** What became of many steps at once. */
export function tell_made(made, comparison) {
	const done = made.filter((one) => one.done).length;
	const choices = made.filter((one) => one.choices).length;
	const refused = made.filter((one) => one.reason);
	frappe.show_alert({ message: __("{0} next steps made", [done]), indicator: "green" });
	const lines = refused.map(
		(one) => html`<li>${number_of(comparison, one.line)}: ${one.reason}</li>`
	);
	if (choices) lines.push(html`<li>${__("{0} with payments to choose from", [choices])}</li>`);
	if (lines.length) {
		frappe.msgprint({
			title: __("Not Made"),
			indicator: "orange",
			message: String(html`<ul>${lines}</ul>`),
		});
	}
}

function number_of(comparison, line) {
	const row = comparison.row(line);
	return [...(row?.ours || []), ...(row?.theirs || [])].map((one) => one.number).join(", ");
}
