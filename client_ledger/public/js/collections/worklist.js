// The worklist: today's customers in order, why each is on it, and everything one needs to call; by mouse, keys or touch.

import { amount_due_card } from "../shared/amount_due";
import { ask } from "../shared/ask";
import { form_link, money, muted } from "../shared/format";
import { html, raw } from "../shared/html";
import { card, empty, failure, small_button } from "../shared/pieces";
import { take_company } from "../shared/route_company";
import { run, who_to_call } from "./customer_collections";
import { disputes_table, history_table, items_table, promises_table } from "./lists";

const QUICK = ["Reached", "No Answer", "Refuses to Pay"];

export default class Worklist {
	constructor(page) {
		this.page = page;
		this.start = 0;
		this.$root = $(String(html`<div class="cl-ledger cl-page cl-worklist"></div>`)).appendTo(
			page.main
		);
		this.company = page.add_field({
			fieldname: "company",
			fieldtype: "Link",
			options: "Company",
			label: __("Company"),
			change: () => this.reload(),
		});
		this.collector = page.add_field({
			fieldname: "collector",
			fieldtype: "Select",
			label: __("Collector"),
			options: [{ value: "", label: __("Assigned to Me") }],
			change: () => this.reload(),
		});
		page.set_secondary_action(__("Refresh"), () => this.reload());
		page.add_menu_item(__("Keyboard Shortcuts"), () => this.help());
		if (frappe.model.can_write("Collection Rule")) {
			page.add_menu_item(__("Rules"), () => frappe.set_route("List", "Collection Rule"));
		}
		this.$root.on("click", "[data-row]", (event) => {
			if (!$(event.target).closest("[data-action], a").length) {
				this.select(Number(event.currentTarget.dataset.row));
			}
		});
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget.dataset));
		$(document).on("keydown.cl_worklist", (event) => this.key(event));
	}

	/** Somebody opens the page, perhaps for one company. */
	async show() {
		if (await take_company(this)) this.start = 0;
		return this.load();
	}

	reload() {
		if (this.filling) return;
		this.start = 0;
		return this.load();
	}

	async load() {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.$root.attr("aria-busy", "true");
		const args = { start: this.start };
		if (this.company.get_value()) args.company = this.company.get_value();
		if (this.collector.get_value()) args.collector = this.collector.get_value();
		try {
			const data = await ask("client_ledger.collections.api.my_worklist", args, "GET");
			if (turn !== this.turn) return;
			this.data = data;
			this.fill_collectors();
			this.draw();
			this.select(0);
		} catch {
			if (turn !== this.turn) return;
			const text = __("The worklist could not be loaded");
			this.$root.html(String(failure(text, "", "again")));
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	fill_collectors() {
		this.filling = true;
		const { collectors } = this.data;
		this.collector.df.options = [
			{ value: "", label: __("Assigned to Me") },
			{ value: "everyone", label: __("All Collectors") },
			...collectors.map(({ user, name, count }) => ({
				value: user,
				label: `${name} (${count})`,
			})),
		];
		const chosen = this.collector.get_value();
		this.collector.refresh();
		this.collector.$input && this.collector.$input.val(chosen);
		this.filling = false;
	}

	// --- drawing ---

	draw() {
		const { rows, total, start, off } = this.data;
		if (!rows.length) {
			const text = __("No calls due today");
			this.$root.html(String(html`${empty(text)}${off_html(off)}`));
			return;
		}
		const until = start + rows.length;
		this.$root.html(
			String(html`<div class="cl-panes">
				<div class="cl-pane-list">
					<p class="cl-muted">${__("{0} to {1} of {2} customers", [start + 1, until, total])}
						${start ? small_button("before", __("Previous Page")) : ""}
						${until < total ? small_button("more", __("Next Page")) : ""}</p>
					<ol class="cl-rows" role="listbox" aria-label="${__("Worklist")}">${rows.map(row_html)}</ol>
				</div>
				<div class="cl-pane-detail" aria-live="polite"></div>
			</div>${off_html(off)}`)
		);
	}

	async select(i) {
		const { rows } = this.data;
		if (!rows.length) return;
		this.at = Math.min(Math.max(i, 0), rows.length - 1);
		const row = rows[this.at];
		const $rows = this.$root.find("[data-row]").attr("aria-selected", "false");
		const $row = $rows.filter(`[data-row=${this.at}]`).attr("aria-selected", "true");
		if ($row[0]) $row[0].scrollIntoView({ block: "nearest" });
		const turn = (this.detail_turn = (this.detail_turn || 0) + 1);
		const $detail = this.$root.find(".cl-pane-detail");
		// On a phone the details open beneath their row.
		if (window.matchMedia("(max-width: 767px)").matches) $detail.insertAfter($row);
		const { customer, company } = row;
		const detail = await ask(
			"client_ledger.collections.api.customer_on_worklist",
			{ customer, company },
			"GET"
		);
		if (turn !== this.detail_turn) return;
		this.detail = detail;
		$detail.html(String(detail_html(row, detail, this.data.scripts)));
	}

	// --- hearing ---

	act(data) {
		const { action } = data;
		if (action === "again") return this.load();
		if (action === "next") return this.select(this.at + 1);
		if (action === "more" || action === "before") {
			this.start += (action === "more" ? 1 : -1) * 50;
			this.start = Math.max(this.start, 0);
			return this.load();
		}
		if (action === "ledger") return open_ledger(this.detail);
		run(data, this.detail, () => this.after());
	}

	/** Something was done: the list is another one now; go on with who takes this place. */
	async after() {
		const at = this.at;
		await this.load();
		this.select(at);
	}

	key(event) {
		if (
			frappe.get_route()[0] !== "collection-worklist" ||
			!this.data ||
			!this.data.rows.length
		)
			return;
		const typing = $(event.target).is("input, textarea, select, [contenteditable=true]");
		if (typing || event.ctrlKey || event.metaKey || event.altKey || $(".modal.show").length)
			return;
		const row = this.data.rows[this.at] || {};
		const follow_up = { followUp: row.follow_up || "" };
		const keys = {
			j: () => this.select(this.at + 1),
			ArrowDown: () => this.select(this.at + 1),
			k: () => this.select(this.at - 1),
			ArrowUp: () => this.select(this.at - 1),
			n: () => this.select(this.at + 1),
			o: () => this.act({ action: "log", ...follow_up }),
			r: () => this.act({ action: "log", outcome: "Reached", ...follow_up }),
			a: () => this.act({ action: "log", outcome: "No Answer", ...follow_up }),
			p: () => this.act({ action: "promise", ...follow_up }),
			d: () => this.act({ action: "dispute", ...follow_up }),
			s: () => this.act({ action: "statement" }),
			l: () => open_ledger(this.detail),
			"?": () => this.help(),
		};
		if (!keys[event.key]) return;
		event.preventDefault();
		event.stopPropagation();
		keys[event.key]();
	}

	help() {
		const keys = [
			["j, ↓", __("Next customer")],
			["k, ↑", __("Previous customer")],
			["o", __("Log Contact")],
			["r", __("Reached")],
			["a", __("No Answer", null, "Client Ledger")],
			["p", __("Record Promise to Pay")],
			["d", __("Record Dispute")],
			["s", __("Send Statement")],
			["l", __("Ledger", null, "Client Ledger")],
		];
		const rows = keys.map(
			([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`
		);
		frappe.msgprint({
			title: __("Keyboard Shortcuts"),
			message: String(html`<table class="table table-sm">${rows}</table>`),
		});
	}
}

function row_html(row, i) {
	// Two rules of one measure say the same; its points are both.
	const said = new Map();
	row.reasons.forEach(({ rule, points, text }) => {
		const before = said.get(text);
		said.set(text, {
			text,
			rule: before ? `${before.rule}, ${rule}` : rule,
			points: points + (before ? before.points : 0),
		});
	});
	const chips = [...said.values()].map(
		({ rule, points, text }) =>
			html`<span class="cl-chip" title="${rule}: ${points}">${text}</span>`
	);
	return html`<li data-row="${i}" role="option" aria-selected="false" tabindex="-1" class="cl-row">
		<div class="cl-row-head"><span class="cl-points" title="${__("Points")}">${row.points}</span>
			<b>${row.customer_name}</b>
			<span class="cl-number">${money(row.to_chase, row.currency)}</span></div>
		<div class="cl-chips">${chips}</div></li>`;
}

function detail_html(row, detail, scripts) {
	const { may } = detail;
	const script = scripts[row.rule];
	return html`<div class="cl-card">
		<div class="cl-row-head"><b>${form_link("Customer", row.customer, row.customer_name)}</b>
			${row.grade ? muted(`${__("Credit Grade")} ${row.grade}`) : ""}
			<span class="cl-number">${money(row.overdue, row.currency)} ${__("Overdue")}</span></div>
		<p>${who_to_call(detail.contact) || muted(__("No contact"))}</p>
		<div class="cl-buttons">${actions(may, row)}</div></div>
		${script ? card(__("Call Script"), raw(__(script))) : ""}
		${amount_due_card(detail.due)}
		${card(__("Open Items"), items_table(detail.items))}
		${detail.promises.length ? card(__("Promises"), promises_table(detail.promises, may)) : ""}
		${detail.disputes.length ? card(__("Disputes"), disputes_table(detail.disputes, may)) : ""}
		${card(__("Contact Log"), history_table(detail.history))}`;
}

function actions(may, row) {
	const data = { "follow-up": row.follow_up || "" };
	const act = (action, label, more = {}, kind) =>
		small_button(action, label, { ...data, ...more }, kind);
	return [
		may.work && QUICK.map((outcome) => act("log", __(outcome), { outcome })),
		may.work && act("promise", __("Record Promise to Pay"), {}, "btn-primary"),
		may.work && act("dispute", __("Record Dispute")),
		may.work && act("statement", __("Send Statement")),
		act("ledger", __("Ledger", null, "Client Ledger")),
		act("next", __("Next")),
	];
}

function off_html(off) {
	if (!off.length) return "";
	const rows = off.map(
		({ customer, customer_name, overdue, currency, reason }) =>
			html`<li>${form_link("Customer", customer, customer_name)} ${money(overdue, currency)}
				${muted(reason)}</li>`
	);
	return html`<details class="cl-card"><summary>${__("Not on the list today: {0}", [
		off.length,
	])}</summary><ul class="cl-off">${rows}</ul></details>`;
}

function open_ledger(detail) {
	if (!detail) return;
	frappe.route_options = { cl_tab: "cl_ledger_tab" };
	window.open(
		`${frappe.utils.get_form_link("Customer", detail.customer)}#cl_ledger_tab`,
		"_blank"
	);
}
