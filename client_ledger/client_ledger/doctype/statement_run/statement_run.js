// Statement Run: who gets a statement, what became of each, approve all of them, send, and watch it being done.

const { ask, html } = client_ledger;
const { button, table, toolbar } = client_ledger.pieces;
const { form_link, money, status_pill } = client_ledger.format;
const PAGE = 100;

frappe.ui.form.on("Statement Run", {
	setup(frm) {
		frm.cl_shown = PAGE;
		frappe.realtime.on("statement_run", (data) => {
			if (data.name === frm.doc.name) progress_changed(frm, data);
		});
	},
	refresh(frm) {
		if (frm.is_new()) return;
		frappe.require("customer_ledger.bundle.css", () => {
			show_progress(frm, frm.doc);
			if (frm.doc.status === "New" && frappe.model.can_write("Statement Run")) {
				client_ledger.add_button(frm, __("Plan"), () =>
					act(frm, "client_ledger.statement_runs.api.plan_run")
				);
			}
			load(frm);
			watch(frm);
		});
	},
});

async function act(frm, method) {
	await ask(method, { run: frm.doc.name }, "POST", { freeze: true });
	frm.reload_doc();
}

// --- progress ---

function progress_changed(frm, data) {
	Object.assign(frm.doc, data);
	show_progress(frm, frm.doc);
	load(frm);
}

/** Without a socket the form asks by itself while there is something to see. */
function watch(frm) {
	clearInterval(frm.cl_watch);
	frm.cl_watch = setInterval(async () => {
		if (!["Planning", "Sending"].includes(frm.doc.status) || cur_frm !== frm) {
			clearInterval(frm.cl_watch);
			return;
		}
		const fields = ["status", "planned", "sent", "failed", "no_address", "stopped"];
		const { message } = await frappe.db.get_value("Statement Run", frm.doc.name, fields);
		progress_changed(frm, message);
	}, 3000);
}

function show_progress(frm, { status, planned, sent, failed, no_address, stopped }) {
	frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Statement Run", status));
	const left_out = [
		[__("zero balance"), frm.doc.zero],
		[__("under the minimum balance"), frm.doc.under_minimum],
		[__("covered by another schedule"), frm.doc.elsewhere],
	].filter(([_label, count]) => count);
	const label = __(
		"{0} of {1} statements sent, {2} failed, {3} without an address, {4} not sent",
		[sent, planned, failed, no_address, stopped]
	);
	const percent = planned ? Math.min(Math.round((sent * 100) / planned), 100) : 0;
	const note = left_out.map(([text, count]) => `${text}: ${count}`).join(", ");
	frm.get_field("progress_html").$wrapper.html(
		String(
			status === "New"
				? html`<p class="text-muted">${__(
						"The statements of this run are not planned yet."
				  )}</p>`
				: html`<div class="progress" role="progressbar" aria-valuenow="${percent}" aria-valuemin="0"
					aria-valuemax="100" aria-label="${label}"><div class="progress-bar" style="width:${percent}%"></div></div>
				<p class="text-muted">${label}</p>
				${note ? html`<p class="text-muted">${__("No statement due")}: ${note}</p>` : ""}`
		)
	);
}

// --- statements ---

async function load(frm) {
	const run = frm.doc.name;
	const args = { run, limit: frm.cl_shown };
	if (frm.cl_status) args.status = frm.cl_status;
	const data = await ask("client_ledger.statement_runs.api.run_statements", args, "GET");
	if (frm.doc.name === run) draw(frm, data);
}

function draw(frm, { rows, counts, may }) {
	const planned = counts.Planned || 0;
	const waiting = (counts.Waiting || 0) + (counts.Failed || 0);
	const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
	const tallies = Object.entries(counts).map(([status, count]) =>
		button("status", `${__(status, null, "Customer Statement")} ${count}`, {
			kind: frm.cl_status === status ? "btn-primary-light" : "btn-default",
			data: { status },
		})
	);
	const buttons = [
		may.decide && planned && button("approve", __("Approve All ({0})", [planned])),
		may.decide &&
			waiting &&
			button("send", __("Send Approved ({0})", [waiting]), { kind: "btn-primary" }),
	].filter(Boolean);
	const heads = [
		[__("Customer")],
		[__("Status")],
		[__("Closing Balance"), "text-right"],
		[__("Recipients")],
	];
	const lines = rows.map((row) => [
		form_link("Customer Statement", row.name, row.customer_name || row.customer),
		html`${status_pill("Customer Statement", row.status)}
			${
				row.reason && row.reason !== row.status
					? html`<span class="cl-muted">${__(row.reason)}</span>`
					: ""
			}`,
		money(row.closing, row.currency),
		row.recipients || "",
	]);
	const $wrapper = frm.get_field("statements_html").$wrapper;
	$wrapper.html(
		String(html`<div class="cl-ledger cl-run">
			${toolbar(tallies, buttons)}
			${table(heads, lines, __("No statements planned yet"))}
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

function clicked(frm, { dataset }) {
	const { action, status } = dataset;
	if (action === "approve") return act(frm, "client_ledger.statement_runs.api.approve_run");
	if (action === "send") return send(frm);
	if (action === "more") frm.cl_shown += PAGE * 2;
	if (action === "status") frm.cl_status = frm.cl_status === status ? null : status;
	return load(frm);
}

async function send(frm) {
	const run = frm.doc.name;
	const count = await ask("client_ledger.statement_runs.api.send_run", { run });
	frappe.show_alert(__("{0} statements are being sent", [count]));
	frm.doc.status = "Sending";
	watch(frm);
}
