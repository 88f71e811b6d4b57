// Confirmation Round: whom it asks, what became of each, plan, send, remind, close, and what share is confirmed.

const { ask, html } = client_ledger;
const { button, figure, table, toolbar } = client_ledger.pieces;
const { form_link, money, status_pill } = client_ledger.format;
const API = "client_ledger.confirmations.api.";
const PAGE = 100;

frappe.ui.form.on("Confirmation Round", {
	setup(frm) {
		frm.cl_shown = PAGE;
		frm.set_query("customer", "customers", () => ({ filters: { disabled: 0 } }));
		frappe.realtime.on("confirmation_round", ({ name }) => {
			if (name === frm.doc.name && !frm.is_dirty()) frm.reload_doc();
		});
	},
	refresh(frm) {
		const { status } = frm.doc;
		frm.page.set_indicator(
			__(status, null, "Confirmation Round"),
			client_ledger.colours.colour_of("Confirmation Round", status)
		);
		if (frm.is_new()) return;
		add_buttons(frm);
		frappe.require("customer_ledger.bundle.css", () => {
			show_progress(frm);
			if (status !== "Draft") load(frm);
		});
	},
});

function add_buttons(frm) {
	const { status } = frm.doc;
	if (status === "Draft") client_ledger.add_button(frm, __("Preview"), () => preview(frm));
	if (!frappe.model.can_write("Confirmation Round") || status === "Closed") return;
	const open = ["Sending", "Open"].includes(status);
	client_ledger.add_button(frm, status === "Draft" ? __("Plan") : __("Plan Again"), () =>
		act(frm, "plan_round", __("{0} new confirmations"))
	);
	if (status === "Draft") return;
	client_ledger.add_button(frm, __("Send"), () =>
		frappe.confirm(__("Send the letters of this round to its customers?"), () =>
			act(frm, "send_round", __("{0} letters are being sent"))
		)
	);
	if (open) {
		client_ledger.add_button(frm, __("Remind"), () =>
			frappe.confirm(__("Remind everybody who has not answered yet?"), () =>
				act(frm, "remind_round", __("{0} reminders are being sent"))
			)
		);
	}
	client_ledger.add_button(frm, __("Close"), () =>
		frappe.confirm(
			__(
				"Close this round? Replies that come later are kept, but no longer count. Letters that wait are not sent."
			),
			() => act(frm, "close_round")
		)
	);
}

async function act(frm, method, message) {
	const found = await ask(`${API}${method}`, { round: frm.doc.name }, "POST", { freeze: true });
	if (message) frappe.show_alert(__(message, [found]));
	await frm.reload_doc();
}

async function preview(frm) {
	const found = await ask(`${API}round_preview`, { round: frm.doc.name }, "GET", {
		freeze: true,
	});
	const dialog = new frappe.ui.Dialog({ title: __("Preview"), size: "large" });
	const rows = found.rows.map(({ customer, currency, balance }) => [
		customer,
		currency,
		money(balance, currency),
	]);
	const heads = [[__("Customer")], [__("Currency")], [__("Our Balance"), "text-right"]];
	const left = found.left_out ? ` · ${__("{0} left out", [found.left_out])}` : "";
	dialog.$body.html(
		String(html`<div class="cl-ledger"><p><b>${__("{0} confirmations", [
			found.count,
		])}</b>${left}</p>
			${table(heads, rows, __("Nobody would be asked."))}</div>`)
	);
	await frappe.require("customer_ledger.bundle.css");
	dialog.show();
}

// --- progress and results ---

function show_progress(frm) {
	const { doc } = frm;
	const $place = frm.get_field("progress_html").$wrapper;
	if (doc.status === "Draft") {
		const text = __("The confirmations of this round are not planned yet.");
		return $place.html(String(html`<p class="text-muted">${text}</p>`));
	}
	const answered = doc.planned - doc.unanswered;
	const percent = doc.planned ? Math.round((answered * 100) / doc.planned) : 0;
	const label = __(
		"{0} of {1} answered or settled, {2} sent, {3} failed, {4} without an address",
		[answered, doc.planned, doc.sent, doc.failed, doc.no_address]
	);
	return $place.html(
		String(html`<div class="progress" role="progressbar" aria-valuenow="${percent}" aria-valuemin="0"
			aria-valuemax="100" aria-label="${label}"><div class="progress-bar" style="width:${percent}%"></div></div>
			<p class="text-muted">${label}</p>`)
	);
}

async function load(frm) {
	const round = frm.doc.name;
	const args = { round, limit: frm.cl_shown };
	if (frm.cl_status) args.status = frm.cl_status;
	const data = await ask(`${API}round_confirmations`, args, "GET");
	if (frm.doc.name === round) draw(frm, data);
}

function draw(frm, { rows, counts, figures }) {
	const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
	const tallies = Object.entries(counts).map(([status, count]) =>
		button("status", `${__(status, null, "Balance Confirmation")} ${count}`, {
			kind: frm.cl_status === status ? "btn-primary-light" : "btn-default",
			data: { status },
		})
	);
	const heads = [
		[__("Customer")],
		[__("Status")],
		[__("Our Balance"), "text-right"],
		[__("Customer's Balance"), "text-right"],
		[__("Difference"), "text-right"],
		[__("Reply")],
	];
	const lines = rows.map((row) => [
		form_link("Balance Confirmation", row.name, row.customer_name || row.customer),
		html`${status_pill("Balance Confirmation", row.status)} ${sending_note(row)}`,
		money(row.our_balance, row.currency),
		row.has_stated ? money(row.stated_balance, row.currency) : "",
		row.has_stated && row.difference ? money(row.difference, row.currency) : "",
		reply_note(row),
	]);
	const $wrapper = frm.get_field("results_html").$wrapper;
	$wrapper.html(
		String(html`<div class="cl-ledger cl-run">
			${results_html({ ...frm.doc, ...figures })}
			${toolbar(tallies, [])}
			${table(heads, lines, __("No confirmations planned yet"))}
			${
				rows.length < (frm.cl_status ? counts[frm.cl_status] : total)
					? button("more", __("Load More"))
					: ""
			}
		</div>`)
	);
	$wrapper
		.off("click")
		.on("click", "[data-action]", (event) => clicked(frm, event.currentTarget));
}

function results_html(doc) {
	const currency = frappe.get_doc(":Company", doc.company)?.default_currency;
	return html`<div class="cl-figures" role="list">
		${figure(
			__("Confirmed Share of Receivables"),
			`${format_number(doc.confirmed_share, null, 2)} %`,
			html`${money(doc.confirmed_amount, currency)} / ${money(doc.receivables, currency)}`
		)}
		${figure(
			__("Asked For"),
			money(doc.asked_amount, currency),
			__("{0} confirmations", [doc.planned])
		)}
		${figure(__("Differences"), doc.differing, __("{0} settled", [doc.settled]))}
		${figure(__("Unanswered"), doc.unanswered, __("{0} left out", [doc.left_out]))}
	</div>`;
}

function sending_note({ sending_status, reason, reminders }) {
	const parts = [];
	if (sending_status !== "Sent") parts.push(__(sending_status, null, "Balance Confirmation"));
	if (reason && reason !== sending_status) parts.push(__(reason));
	if (reminders) parts.push(__("{0} reminders", [reminders]));
	return parts.length ? html`<span class="cl-muted">${parts.join(", ")}</span>` : "";
}

function reply_note({ replied_on, replied_by, opened_on }) {
	if (replied_on) {
		const when = frappe.datetime.str_to_user(String(replied_on).slice(0, 10));
		return html`${replied_by || ""} <span class="cl-muted">${when}</span>`;
	}
	return opened_on ? html`<span class="cl-muted">${__("Opened")}</span>` : "";
}

function clicked(frm, { dataset }) {
	const { action, status } = dataset;
	if (action === "more") frm.cl_shown += PAGE * 2;
	if (action === "status") frm.cl_status = frm.cl_status === status ? null : status;
	return load(frm);
}
