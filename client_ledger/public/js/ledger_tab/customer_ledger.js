// The Ledger tab: asks the server, and puts figures, ageing, chart, orders and movements together.
//
// The head (figures) comes first with the newest movements, because it finds the company; what is made of the whole
// history (chart, days to pay, whether the balance ties) follows, so that a long one keeps nobody waiting.

import { send_statement } from "../statements/one";
import { amount_due_card } from "../shared/amount_due";
import { ask } from "../shared/ask";
import { html } from "../shared/html";
import { button, empty, failure } from "../shared/pieces";
import { ageing_html, label as bucket_label } from "./ageing";
import { figures_html, fill_payment_days, fill_tie } from "./figures";
import { confirmations_html } from "./confirmations";
import { draw_history, history_html } from "./history_chart";
import { movement_row, movements_html } from "./movements";
import { orders_html } from "./orders";
import { choose_period, output } from "./output";
import { portal_links } from "./portal_links";
import { fill_controls, make_controls, toolbar_html } from "./toolbar";

const PAGE_LENGTH = 50;
const MOST_SOUGHT = 140;
const SMALLEST_AMOUNT = 0.005;

export default class CustomerLedger {
	constructor(frm) {
		this.frm = frm;
		this.$root = $(String(html`<div class="cl-ledger"></div>`)).appendTo(
			frm.get_field("cl_ledger_html").$wrapper.empty()
		);
		this.listen();
		this.load_soon = frappe.utils.debounce(() => this.load(), 20);
		this.find_soon = frappe.utils.debounce((text) => this.find(text), 300);
	}

	/** Show the form's customer; asks the server only for another customer, or when told to reload. */
	show(reload) {
		if (this.customer !== this.frm.doc.name) {
			this.customer = this.frm.doc.name;
			this.filters = {
				company: null,
				currency: null,
				as_of: null,
				open_only: 0,
				bucket: null,
				find: null,
			};
			this.draw_frame();
			this.load_soon();
		} else if (reload || !this.loaded) {
			this.load_soon();
		}
	}

	/** Have the next opening of the tab ask again. */
	forget() {
		this.loaded = false;
	}

	// --- asking ---

	/** Ask for everything; *bypass_cache*: by nothing the server remembers. */
	async load(bypass_cache) {
		const turn = (this.turn = (this.turn || 0) + 1);
		const is_current = () => turn === this.turn && this.customer === this.frm.doc.name;
		this.loaded = true;
		this.$root.attr("aria-busy", "true");
		try {
			const { open_only, find } = this.filters;
			const { page, ...data } = await this.ask(
				"client_ledger.ledger_tab.api.customer_ledger",
				["company", "as_of", "currency"],
				{ lines: open_only || find ? 0 : PAGE_LENGTH, bypass_cache: bypass_cache ? 1 : 0 }
			);
			if (!is_current()) return;
			this.data = data;
			this.filters.company = data.company;
			this.draw_head();
			if (!this.is_empty()) {
				if (page) this.take_page(page);
				await Promise.all([
					page || this.load_page(null, is_current),
					this.load_history(is_current),
					this.load_tie(is_current, bypass_cache),
					this.load_confirmations(is_current),
				]);
			}
		} catch (error) {
			if (is_current()) this.draw_failure(error);
		} finally {
			if (is_current()) this.$root.attr("aria-busy", "false");
		}
	}

	/** The customer's balance confirmations; without them the ledger is whole, too. */
	async load_confirmations(is_current) {
		const rows = await this.ask("client_ledger.ledger_tab.api.customer_confirmations", [
			"company",
		]);
		if (is_current())
			this.$root.find(".cl-confirmation-place").html(String(confirmations_html(rows)));
	}

	async load_page(after, is_current = () => true) {
		const names = ["company", "as_of", "currency", "open_only", "bucket", "find"];
		const turn = (this.lines_turn = (this.lines_turn || 0) + 1);
		const page = await this.ask("client_ledger.ledger_tab.api.customer_ledger_page", names, {
			after,
		});
		if (!is_current() || turn !== this.lines_turn) return;
		this.take_page(page, after);
	}

	/** Show the lines of *page*, under those that are there where it came after them. */
	take_page(page, after) {
		this.lines = after ? this.lines.concat(page.lines) : page.lines;
		this.next = page.next;
		this.draw_lines(after ? page.lines : null);
	}

	async load_history(is_current) {
		const history = await this.ask("client_ledger.ledger_tab.api.customer_payment_history", [
			"company",
			"as_of",
		]);
		if (!is_current()) return;
		fill_payment_days(this.$root, history);
		draw_history(this.$root, history);
	}

	/** Ask whether the balance ties; if it is no longer the one that is shown, ask for everything once more. */
	async load_tie(is_current, bypass_cache) {
		const tie = await this.ask("client_ledger.ledger_tab.api.gl_reconciliation", [
			"company",
			"as_of",
		]);
		if (!is_current()) return;
		const shown = this.data.company_balance;
		if (tie && !bypass_cache && Math.abs(tie.payment_ledger - shown) > SMALLEST_AMOUNT) {
			this.load(true);
			return;
		}
		fill_tie(this.$root, tie, this.data.company_currency);
	}

	ask(method, names, more = {}) {
		const args = { customer: this.customer, ...more };
		names.forEach((name) => (args[name] = this.filters[name]));
		Object.keys(args).forEach((key) => args[key] || delete args[key]);
		return ask(method, args, "GET");
	}

	is_empty() {
		return !this.data.has_entries && !this.data.orders.length;
	}

	// --- drawing ---

	draw_frame() {
		this.data = this.next = null;
		this.lines = [];
		this.$root.html(
			String(
				html`${toolbar_html()}<div class="cl-head">${skeleton()}</div><div class="cl-body"></div>`
			)
		);
		this.controls = make_controls(this.$root.find(".cl-toolbar"), (field, value) =>
			this.change(field, value)
		);
		this.controls.company.toggle(false);
		this.controls.currency.toggle(false);
		this.offer({});
	}

	/** Offer to write to the customer, where the user may. */
	offer(may) {
		["statement", "email", "portal"].forEach((action) =>
			this.$root.find(`.cl-toolbar [data-action=${action}]`).prop("hidden", !may[action])
		);
	}

	draw_head() {
		fill_controls(this.controls, this.data);
		this.offer(this.data.may);
		this.$root.find(".cl-toolbar").toggle(!this.is_empty() || Boolean(this.filters.as_of));
		if (this.is_empty()) {
			this.$root.find(".cl-head").html(String(this.nothing_yet()));
			this.$root.find(".cl-body").empty();
			return;
		}
		this.$root.find(".cl-head").html(
			String(html`${figures_html(this.data)}${amount_due_card(this.data.due)}
				<div class="cl-overview">${ageing_html(this.data, this.filters.bucket)}${history_html()}</div>
				<div class="cl-order-place">${orders_html(this.data)}</div>
				<div class="cl-confirmation-place"></div>`)
		);
		this.draw_ledger_frame();
	}

	draw_ledger_frame() {
		const all = !this.filters.open_only;
		const find = __("Search document, reference, PO or amount");
		const choice = (action, label, pressed) =>
			html`<button type="button" class="btn btn-default btn-sm" data-action="${action}"
				aria-pressed="${String(pressed)}">${label}</button>`;
		this.$root.find(".cl-body").html(
			String(html`<div class="cl-card cl-lines">
				<div class="cl-lines-head">
					<div class="btn-group" role="group" aria-label="${__("Entries")}">
						${choice("all", __("All Entries"), all)}${choice("open", __("Open Items"), !all)}
					</div>
					<button type="button" class="btn btn-default btn-sm cl-chosen" data-action="no-bucket" hidden></button>
					<input type="search" class="form-control input-sm cl-search" maxlength="${MOST_SOUGHT}"
						value="${this.filters.find}" placeholder="${find}" aria-label="${find}">
				</div>
				${movements_html()}
				<p class="cl-muted cl-message" role="status" aria-live="polite"></p>
				<button type="button" class="btn btn-default btn-sm cl-more" data-action="more" hidden>
					${__("Load More")}</button>
			</div>`)
		);
		this.draw_chosen_bucket();
		this.$root.find(".cl-lines tbody").html(String(skeleton_rows()));
	}

	draw_chosen_bucket() {
		const chosen = this.data.ageing.buckets.find(
			(bucket) => bucket.key === this.filters.bucket
		);
		this.$root
			.find(".cl-chosen")
			.prop("hidden", !chosen)
			.html(
				String(
					chosen ? html`${bucket_label(chosen)} <span aria-hidden="true">×</span>` : ""
				)
			)
			.attr("title", __("Show All Open Items"));
	}

	/** Draw all lines, or add the new ones to those that are there. */
	draw_lines(added) {
		const $body = this.$root.find(".cl-lines tbody");
		const { company_currency, figures } = this.data;
		const mixed = figures.length > 1;
		const rows = (added || this.lines).map((line) =>
			movement_row(line, company_currency, mixed)
		);
		if (!added) $body.empty();
		$body.append(String(html`${rows}`));
		this.$root.find(".cl-more").prop("hidden", !this.next).prop("disabled", false);
		this.say(this.message(added));
	}

	/** Show what the whole ledger holds *text* in, not only what is loaded of it. */
	find(text) {
		const wanted = (text || "").trim();
		if (!this.data || wanted === (this.filters.find || "")) return;
		this.filters.find = wanted || null;
		this.load_page(null).catch((error) => this.draw_failure(error));
	}

	message(added) {
		const { find, open_only } = this.filters;
		if (!this.lines.length) {
			if (find) return __("No entries match “{0}”", [find]);
			return open_only ? __("No open items") : __("No entries up to this date");
		}
		if (find) {
			return this.next
				? __("Latest {0} matching entries", [this.lines.length])
				: __("{0} matching entries", [this.lines.length]);
		}
		return added ? __("{0} more entries loaded", [added.length]) : "";
	}

	say(text) {
		this.$root.find(".cl-message").text(text);
	}

	nothing_yet() {
		if (this.filters.as_of) {
			return empty(__("No entries up to this date"));
		}
		const invoice = frappe.model.can_create("Sales Invoice")
			? button("invoice", __("Create Sales Invoice"))
			: "";
		return empty(__("No transactions with this customer yet"), invoice);
	}

	draw_failure(error) {
		this.loaded = false;
		this.$root.find(".cl-body").empty();
		const text = __("The ledger could not be loaded");
		this.$root.find(".cl-head").html(String(failure(text, error && error._error_message)));
	}

	// --- hearing ---

	listen() {
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget));
		this.$root.on("click", ".cl-bucket, .cl-segment", (event) =>
			this.choose_bucket(event.currentTarget.dataset.bucket)
		);
		this.$root.on("input", ".cl-search", (event) => this.find_soon(event.target.value));
	}

	act(button) {
		const actions = {
			refresh: () => this.load(true),
			all: () => this.choose_entries(0, null),
			open: () => this.choose_entries(1, null),
			"no-bucket": () => this.choose_entries(1, null),
			more: () => this.load_more(button),
			differences: () => this.toggle_differences(button),
			"all-orders": () => this.show_all_orders(),
			credit: () => this.open_credit(),
			invoice: () => frappe.new_doc("Sales Invoice", { customer: this.customer }),
			print: () => output("print", this.output_filters()),
			pdf: () => output("pdf", this.output_filters()),
			xlsx: () => output("xlsx", this.output_filters()),
			period: () => choose_period(this.output_filters()),
			statement: () => send_statement(this.output_filters()),
			portal: () => portal_links(this.customer, this.filters.company),
			email: () => this.frm.email_doc(),
		};
		actions[button.dataset.action]();
	}

	change(field, value) {
		if (!this.data || (value || "") === (this.data[field] || "")) return;
		this.filters[field] = value || null;
		this.filters.bucket = null;
		if (field === "company") this.filters.currency = null;
		this.load();
	}

	choose_bucket(key) {
		this.choose_entries(1, this.filters.bucket === key ? null : key);
	}

	choose_entries(open_only, bucket) {
		Object.assign(this.filters, { open_only, bucket });
		this.$root.find('[data-action="all"]').attr("aria-pressed", String(!open_only));
		this.$root.find('[data-action="open"]').attr("aria-pressed", String(Boolean(open_only)));
		this.$root.find(".cl-bucket").each((_i, button) => {
			button.setAttribute("aria-pressed", String(button.dataset.bucket === bucket));
		});
		this.draw_chosen_bucket();
		this.load_page(null).catch((error) => this.draw_failure(error));
	}

	async load_more(button) {
		button.disabled = true;
		try {
			await this.load_page(this.next);
		} catch {
			button.disabled = false;
			this.say(__("The next entries could not be loaded. Try again."));
		}
	}

	open_credit() {
		this.frm.layout.tabs.find((tab) => tab.df.fieldname === "cl_credit_tab")?.set_active();
	}

	toggle_differences(button) {
		const $list = this.$root.find(".cl-differences");
		const show = $list.prop("hidden");
		$list.prop("hidden", !show);
		button.setAttribute("aria-expanded", String(show));
	}

	show_all_orders() {
		this.$root.find(".cl-order-place").html(String(orders_html(this.data, true)));
	}

	output_filters() {
		const { currency, open_only } = this.filters;
		const { company, as_of } = this.data;
		return { customer: this.customer, company, as_of, currency, open_only };
	}
}

function skeleton() {
	const card = html`<div class="cl-card cl-figure"><div class="cl-skeleton cl-skeleton-text"></div>
		<div class="cl-skeleton cl-skeleton-value"></div></div>`;
	return html`<div class="cl-figures" aria-hidden="true">${Array(6).fill(card)}</div>`;
}

function skeleton_rows() {
	const row = html`<tr aria-hidden="true"><td colspan="7"><div class="cl-skeleton cl-skeleton-text"></div></td></tr>`;
	return html`${Array(3).fill(row)}`;
}
