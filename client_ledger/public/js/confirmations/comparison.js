// The comparison of two ledgers in the form of a confirmation: their balance + differences by kind = our balance, what to do about
// each difference, the matches, and the paper that both sides sign.

import { ask, attempt } from "../shared/ask";
import { download } from "../shared/download";
import { money, muted } from "../shared/format";
import { html } from "../shared/html";
import { button, empty, failure, table, toolbar } from "../shared/pieces";
import { differences_html } from "./differences";
import * as dialogs from "./comparison_dialogs";
import { matches_html } from "./matches";

const PAGE = 50;

export default class Comparison {
	constructor(frm) {
		this.frm = frm;
		this.$root = $(String(html`<div class="cl-ledger cl-comparison"></div>`)).appendTo(
			frm.get_field("comparison_html").$wrapper.empty()
		);
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget));
	}

	async show() {
		const name = this.frm.doc.name;
		if (this.name !== name) Object.assign(this, { name, matches: {} });
		this.$root.attr("aria-busy", "true");
		try {
			const data = await this.ask(
				"client_ledger.confirmations.comparison_api.get_comparison",
				{},
				"GET"
			);
			if (this.frm.doc.name === name) this.draw(data);
		} catch {
			this.$root.html(String(failure(__("The comparison could not be loaded"))));
		} finally {
			this.$root.attr("aria-busy", "false");
		}
		this.watch();
	}

	/** Without a socket the form asks by itself while the comparison runs. */
	watch() {
		clearTimeout(this.waiting);
		if (!["Waiting", "Running"].includes(this.data?.comparison_status)) return;
		this.waiting = setTimeout(() => cur_frm === this.frm && this.show(), 3000);
	}

	ask(method, args = {}, type = "POST") {
		const about = "line" in args ? args : { name: this.name, ...args };
		return ask(method, about, type, { freeze: type === "POST" });
	}

	draw(data) {
		this.data = data;
		this.frm.toggle_display("comparison_section", data.compared || data.has_reply);
		this.$root.html(
			String(html`${this.head()}
				${data.compared ? this.body() : this.nothing()}`)
		);
	}

	head() {
		const { data } = this;
		const notes = [
			data.compared &&
				__("Compared on {0}", [frappe.datetime.str_to_user(data.compared_on)]),
			data.compared &&
				__("{0} lines of ours, {1} of theirs", [data.lines.ours, data.lines.theirs]),
		].filter(Boolean);
		const buttons = [
			data.may.work &&
				data.has_reply &&
				button("compare", data.compared ? __("Compare Again") : __("Compare")),
			data.compared && button("xlsx", __("Excel")),
			data.compared && data.may.work && button("join", __("Join Lines")),
			data.signed_balance && button("paper", __("Signed Balance")),
			data.may.settle &&
				data.has_reply &&
				button("settle", __("Settle and Sign"), {
					kind: data.open ? "btn-default" : "btn-primary",
				}),
		].filter(Boolean);
		return toolbar(muted(notes.join(" · ")), buttons);
	}

	nothing() {
		const { comparison_status, error, has_reply } = this.data;
		if (["Waiting", "Running"].includes(comparison_status)) {
			return empty(__("The ledgers are being compared…"));
		}
		if (error)
			return empty(
				__("The ledgers could not be compared"),
				html`<p class="cl-muted">${error}</p>`
			);
		return empty(has_reply ? __("Not compared yet") : __("The customer has not answered yet"));
	}

	body() {
		const { data } = this;
		const again = ["Waiting", "Running"].includes(data.comparison_status)
			? html`<p class="cl-muted" role="status">${__("The ledgers are being compared…")}</p>`
			: "";
		return html`${again}${
			data.error ? html`<p class="cl-bad" role="alert">${data.error}</p>` : ""
		}
			${identity_html(data)}
			${data.notes.map((note) => html`<p class="cl-muted cl-note-line">${note}</p>`)}
			${differences_html(data)}
			${matches_html(data, this.matches)}
			${former_html(data)}`;
	}

	act(target) {
		const { action, line, step, match, pass, kind, start } = target.dataset;
		const actions = {
			refresh: () => this.show(),
			compare: () => this.change("client_ledger.confirmations.comparison_api.compare_again"),
			look: () => this.change("client_ledger.confirmations.comparison_api.look_again"),
			xlsx: () =>
				this.download(
					"client_ledger.confirmations.comparison_api.comparison_xlsx",
					`${this.name}.xlsx`
				),
			paper: () =>
				this.download(
					"client_ledger.confirmations.comparison_api.signed_balance_pdf",
					`${this.name}.pdf`
				),
			join: () => dialogs.join(this),
			settle: () => dialogs.settle(this),
			step: () => this.make_step(line, step),
			other: () => dialogs.other_step(this, this.row(line)),
			agree: () => dialogs.agree(this, line),
			reopen: () =>
				this.change_line("client_ledger.confirmations.comparison_api.reopen_difference", {
					line,
				}),
			all: () => this.make_all(kind),
			split: () => this.split(Number(match)),
			pass: () => this.toggle_pass(pass),
			more: () => this.load_matches(pass, Number(start)),
		};
		actions[action]?.();
	}

	row(name) {
		return this.data.kinds.flatMap(({ rows }) => rows).find((row) => row.name === name);
	}

	download(method, file) {
		const url = `/api/method/${method}?name=${encodeURIComponent(this.name)}`;
		return download(url, file, __("Comparison"));
	}

	/** Do what answers with the comparison as it is then. */
	async change(method, args = {}) {
		return attempt(async () => {
			const data = await this.ask(method, args);
			this.matches = {};
			this.draw(data);
			// The form's own figures are other ones by now.
			this.refresh();
		});
	}

	async change_line(method, args) {
		const done = await attempt(() => this.ask(method, args));
		if (done) this.refresh();
		return done;
	}

	refresh() {
		this.frm.reload_doc();
	}

	async make_step(line, step) {
		this.step_made(line, await this.ask_step(line, step));
	}

	ask_step(line, step, more = {}) {
		return this.ask("client_ledger.confirmations.comparison_api.make_step", {
			line,
			...(step ? { step } : {}),
			...more,
		});
	}

	step_made(line, made) {
		if (made.candidates.length)
			return dialogs.choose_payment(this, this.row(line), made.candidates);
		frappe.show_alert({ message: __("{0} created", [__(made.doctype)]), indicator: "green" });
		this.refresh();
	}

	async make_all(kind) {
		const group = this.data.kinds.find((one) => one.kind === kind);
		const lines = group.rows.filter((row) => row.open && !row.step).map((row) => row.name);
		if (!lines.length) return;
		const text = __("Make the proposed next step of {0} differences?", [
			Math.min(lines.length, 100),
		]);
		frappe.confirm(text, async () => {
			let made = [];
			await attempt(async () => {
				made = await this.ask("client_ledger.confirmations.comparison_api.make_steps", {
					chosen: lines.slice(0, 100),
				});
			});
			dialogs.tell_made(made, this);
			this.refresh();
		});
	}

	split(match_no) {
		frappe.confirm(
			__("These lines are kept apart in every later comparison, too. Split them?"),
			() =>
				this.change("client_ledger.confirmations.comparison_api.split_match", { match_no })
		);
	}

	async toggle_pass(found_by) {
		if (this.matches[found_by]) {
			delete this.matches[found_by];
			return this.draw(this.data);
		}
		return this.load_matches(found_by, 0);
	}

	async load_matches(found_by, start) {
		const args = { found_by, start, limit: PAGE };
		await attempt(async () => {
			const page = await this.ask(
				"client_ledger.confirmations.comparison_api.comparison_matches",
				args,
				"GET"
			);
			const before = start ? this.matches[found_by].rows : [];
			this.matches[found_by] = { total: page.total, rows: [...before, ...page.rows] };
			this.draw(this.data);
		});
	}
}

/** Their balance, the differences by kind, our balance: the sum, always. */
function identity_html(data) {
	const { currency } = data;
	const total = (label, amount, name) =>
		html`<tr role="row" class="cl-total"><td role="cell">${label}</td><td role="cell" class="cl-number"></td>
			<td role="cell" class="cl-number" data-amount="${name}">${money(amount, currency)}</td></tr>`;
	const rows = data.kinds.map(
		({ kind, count, open, amount }) =>
			html`<tr role="row"><td role="cell">${__(kind)}</td>
				<td role="cell" class="cl-number">${count}${
					open ? html` · ${muted(__("{0} open", [open]))}` : ""
				}</td>
				<td role="cell" class="cl-number">${money(amount, currency)}</td></tr>`
	);
	return html`<table class="cl-plain cl-identity" role="table">
		<caption>${__("From Their Balance to Ours")}</caption>
		<tbody role="rowgroup">
			${total(__("Their Balance"), data.theirs, "theirs")}${rows}${total(
				__("Our Balance"),
				data.ours,
				"ours"
			)}
		</tbody>
	</table>`;
}

/** Steps whose lines a later list does not have any more. */
function former_html({ former, currency }) {
	if (!former.length) return "";
	const rows = former.map((row) => [
		row.number || "",
		money(row.amount, currency),
		__(row.next_step),
		row.step ? dialogs.step_link(row.step) : row.done_note || "",
	]);
	const heads = [
		[__("Document")],
		[__("Amount"), "cl-number"],
		[__("Next Step")],
		[__("Outcome")],
	];
	return html`<details class="cl-former"><summary>${__("Steps of lines that are gone")}</summary>
		${table(heads, rows)}</details>`;
}
