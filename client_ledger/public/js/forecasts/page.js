// The page of the cash forecast: everything from one answer of the server; scenarios are asked for one at a time.

import { ask, attempt } from "../shared/ask";
import { html } from "../shared/html";
import { failure } from "../shared/pieces";
import { remember, remembered } from "../shared/remember";
import { bars_html, record_chart_html } from "./chart";
import * as view from "./view";

const FRESH_FOR = 20_000;
const COMPANY = "forecast:company";

export default class CashForecastPage {
	constructor(page) {
		this.page = page;
		this.company = remembered(COMPANY);
		this.$root = $(String(html`<div class="cl-ledger cl-page cl-forecast"></div>`)).appendTo(
			page.main
		);
		page.set_secondary_action(__("Refresh"), () => this.load());
		page.add_menu_item(__("Past Forecasts"), () =>
			frappe.set_route("List", "Cash Forecast", { company: this.company })
		);
		this.listen();
	}

	listen() {
		this.$root.on("click", "[data-action]", ({ currentTarget }) =>
			this.act(currentTarget.dataset)
		);
		this.$root.on("change", "[data-control=company]", ({ target }) => {
			this.company = target.value;
			this.currency = "";
			remember(COMPANY, target.value);
			this.load();
		});
		this.$root.on("change", "[data-control=scenario]", ({ target }) =>
			this.choose_scenario(target.value)
		);
		this.$root.on("change", "[data-control=customer], [data-control=days]", () =>
			this.ask_scenario()
		);
		// The chart is drawn for the room there is.
		const redraw = frappe.utils.debounce(() => this.draw_charts(), 200);
		new ResizeObserver(redraw).observe(this.$root[0]);
	}

	show() {
		const given = frappe.route_options?.company;
		if (given) {
			delete frappe.route_options.company;
			this.company = given;
		}
		if (!given && this.asked_at && Date.now() - this.asked_at < FRESH_FOR) return;
		return this.load();
	}

	async load() {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.asked_at = Date.now();
		this.$root.attr("aria-busy", "true");
		try {
			const args = {};
			if (this.company) args.company = this.company;
			if (this.currency) args.currency = this.currency;
			const data = await ask("client_ledger.forecasts.api.get_forecast", args, "GET");
			if (turn !== this.turn) return;
			this.data = data;
			this.company = data.company;
			this.currency = data.currency;
			this.scenario = null;
			this.draw();
		} catch (error) {
			if (turn !== this.turn) return;
			// The company that was remembered may not be the user's to see any more.
			remember(COMPANY, "");
			this.company = this.currency = "";
			const text = __("The cash forecast could not be loaded");
			this.data = null;
			this.$root.html(String(failure(text, refusal(error))));
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	draw() {
		this.$root.html(String(view.page_html(this.data)));
		this.draw_charts();
	}

	draw_charts() {
		if (!this.data?.weeks || !this.$root.is(":visible")) return;
		const draw = (name, make) => {
			const $place = this.$root.find(`[data-chart=${name}]`);
			if ($place.length) $place.html(String(make(Math.max($place.width(), 260))));
		};
		draw("weeks", (width) => bars_html(this.data, this.scenario?.weeks, width));
		draw("record", (width) => record_chart_html(this.data, width));
	}

	act({ action, currency }) {
		const actions = {
			refresh: () => this.load(),
			currency: () => {
				this.currency = currency;
				return this.load();
			},
			make: () => this.make(),
		};
		return actions[action]?.();
	}

	async make() {
		const { company } = this;
		const work = () => ask("client_ledger.forecasts.api.make_now", { company });
		if (await attempt(work)) {
			frappe.show_alert({
				message: __("The forecast is being made in the background. Refresh in a minute."),
				indicator: "blue",
			});
		}
	}

	choose_scenario(kind) {
		this.$root.find("[data-for]").each((_i, element) => {
			element.hidden = element.dataset.for !== kind;
		});
		return this.ask_scenario();
	}

	async ask_scenario() {
		const value = (name) => this.$root.find(`[data-control=${name}]`).val();
		const kind = value("scenario");
		const turn = (this.scenario_turn = (this.scenario_turn || 0) + 1);
		this.scenario = null;
		if (kind) {
			const { company, currency } = this;
			const args = { company, currency, kind };
			if (kind === "without") args.customer = value("customer");
			if (kind === "later") args.days = value("days");
			let found;
			await attempt(async () => {
				found = await ask("client_ledger.forecasts.api.get_scenario", args, "GET");
			});
			if (turn !== this.scenario_turn) return;
			this.scenario = found || null;
		}
		const said = view.scenario_said(this.data, this.scenario?.weeks);
		this.$root.find(".cl-forecast-said").html(String(said));
		this.$root
			.find(".cl-forecast-weeks")
			.html(String(view.weeks_html(this.data, this.scenario?.weeks)));
		this.draw_charts();
	}
}

/** What the server said where it refused, as text: Frappe shows it in a dialog, whose closing leaves this behind. */
function refusal(error) {
	try {
		const [first] = JSON.parse(error.responseJSON._server_messages);
		return frappe.utils.html2text(JSON.parse(first).message);
	} catch {
		return "";
	}
}
