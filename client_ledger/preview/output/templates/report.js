// The page: reads its data from the compressed blocks beside it, and draws. It formats figures and computes none.
"use strict";

(() => {
	const LINE = names("date doctype voucher against currency debit credit balance base base_balance status outstanding due settled late");
	const ITEM = names("due doctype voucher term posted currency amount outstanding base status late expected earliest latest p_late");
	const ORDER = names("name date delivery currency total unbilled base billed");
	const STATUS_COLOURS = {
		"Paid": "green", "Paid Up": "green", "Settled": "grey", "Credit": "violet", "Not Due": "blue", "Open": "blue",
		"Partly Paid": "blue", "Overdue": "amber", "Long Overdue": "red",
	};
	const STATUSES = ["Long Overdue", "Overdue", "Open", "Paid Up"];
	const LONG_OVERDUE = 90;
	const STEP = 60;

	const state = { company: 0, account: null, language: "en", search: "", status: null, segment: null, grade: null, sort: "overdue", down: true, shown: STEP, tab: "ledger", lines: STEP };
	const opened = new Map();
	const charts = {};
	let main, current;

	// Words, numbers, elements

	const __ = (message, ...values) => filled(word(message), values);
	const word = (message) => (main && main.messages[state.language] || {})[message] || message;
	const filled = (text, values) => text.replace(/\{(\d)\}/g, (_match, i) => values[i]);

	function names(text) {
		return Object.fromEntries(text.split(" ").map((name, i) => [name, i]));
	}

	function amount(value) {
		return new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value || 0);
	}

	function plain(value, digits = 0) {
		if (value === null || value === undefined) return "–";
		return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
	}

	function locale() {
		return state.language === "zh" ? "zh-CN" : "en-US";
	}

	function el(tag, attributes, ...children) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes || {})) {
			if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
			else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
		}
		element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
		return element;
	}

	const $ = (id) => document.getElementById(id);

	async function unpack(id) {
		const bytes = Uint8Array.from(atob($(id).textContent), (letter) => letter.charCodeAt(0));
		const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
		return JSON.parse(await new Response(stream).text());
	}

	async function ledger_of(account) {
		const id = `block-${account.block}`;
		if (!opened.has(id)) opened.set(id, unpack(id));
		return (await opened.get(id))[account.place];
	}

	// Pieces

	function figure(label, value, unit, note, kind) {
		return el("div", { class: `figure ${kind || ""}` },
			el("div", { class: "label" }, label, unit && el("span", {}, unit)),
			el("div", { class: "value" }, value),
			el("div", { class: "note" }, note || ""));
	}

	function pill(status, text) {
		return el("span", { class: `pill ${STATUS_COLOURS[status] || ""}` }, text || word(status));
	}

	function line_pill(status, late) {
		if (status !== "Overdue") return pill(status);
		return el("span", { class: `pill ${late > LONG_OVERDUE ? "red" : "amber"}` }, overdue_text(late));
	}

	function overdue_text(days) {
		return days === 1 ? __("Overdue by 1 day") : __("Overdue by {0} days", plain(days));
	}

	function segment(name) {
		return name ? el("span", { class: `segment ${name}` }, name) : "";
	}

	function age_label(i) {
		return i ? __("{0} days", main.buckets[i - 1].replace("-", "–")) : __("Not Due");
	}

	function ages(values, mini) {
		const owed = values.map((value) => Math.max(value, 0));
		return el("div", { class: `ages ${mini ? "mini" : ""}`, role: "img", "aria-label": __("Ageing") },
			owed.map((value, i) => value > 0 && el("i", {
				class: `age-${i}`, style: `flex:${value} 1 0`, title: `${age_label(i)}: ${amount(value)}`,
			})));
	}

	function ageing(values, currency) {
		const whole = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
		const share = (value) => (whole && value > 0 ? `${plain((value / whole) * 100, 1)} %` : "");
		return [ages(values), el("div", { class: "legend" }, values.map((value, i) =>
			el("div", {}, el("i", { class: `age-${i}` }), age_label(i), el("span", {}, `${amount(value)} ${currency}`),
				el("span", { class: "share" }, share(value)))))];
	}

	function cell(label, content, kind) {
		const blank = content === "" || content === null || content === undefined;
		return el("td", { "data-label": label, class: `${kind || ""}${blank ? " blank" : ""}` }, blank ? "" : content);
	}

	function money(label, value, kind) {
		return cell(label, amount(value), `num ${value ? "" : "zero blank"} ${kind || ""}`);
	}

	function table(headings, rows, kind) {
		return el("div", { class: "scroll" }, el("table", { class: kind || "stack" },
			el("thead", {}, el("tr", {}, headings)), el("tbody", {}, rows)));
	}

	function heading(label, number) {
		return el("th", { class: number ? "num" : "" }, label);
	}

	function more(shown, total, show) {
		if (shown >= total) return null;
		return el("div", { class: "more" },
			el("button", { type: "button", onclick: () => show(shown + STEP * 3) }, __("Show More")),
			el("button", { type: "button", onclick: () => show(total) }, __("Show All {0}", plain(total))));
	}

	function tie_badge(count) {
		return count
			? el("span", { class: "differs" }, __("{0} accounts differ from the general ledger", plain(count)))
			: el("span", { class: "ties" }, "✓ ", __("Matches General Ledger"));
	}

	function draw_chart(id, months) {
		if (charts[id]) charts[id].destroy();
		const set = (label, column, colour, extra) => ({
			label, data: months.map((row) => row[column]), backgroundColor: colour, borderRadius: 3, maxBarThickness: 18, ...extra,
		});
		const datasets = [set(__("Billed"), 1, "#2f5bea"), set(__("Amount Received"), 2, "#35b58a")];
		if (months.some((row) => row[3])) datasets.push(set(__("Credited"), 3, "#f2a65a"));
		charts[id] = new Chart($(id), {
			type: "bar",
			data: { labels: months.map((row) => row[0]), datasets },
			options: {
				animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
				plugins: {
					legend: { position: "bottom", labels: { boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 } },
					tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${amount(item.raw)}` } },
				},
				scales: {
					x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 14 } },
					y: { border: { display: false }, ticks: { maxTicksLimit: 6, callback: compact } },
				},
			},
		});
	}

	function compact(value) {
		return new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
	}

	function open_row(href, kind, ...cells) {
		return el("tr", { class: kind, onclick: () => { location.hash = href; } }, cells);
	}

	const credit = window.credit_parts({ __, word, el, $, amount, plain, compact, cell, heading, table, charts, said });
	const worklist = window.worklist_parts({ __, el, $, amount, plain, cell, heading, money, table, more, said, badge: credit.badge, open_row });
	const dunning = window.dunning_parts({ __, word, el, $, amount, plain, cell, heading, money, table, more, charts, chip, open_row });

	const kpis = window.kpi_parts({ __, word, el, $, amount, plain, cell, heading, table, said, chip });
	const warnings = window.warning_parts({ __, word, el, $, plain, cell, heading, table, said });
	const forecast = window.forecast_parts({ __, word, el, $, amount, plain, compact, cell, heading, table, charts, chip });

	function said(both) {
		return both[state.language === "zh" ? 1 : 0];
	}

	// The company

	const company = () => main.companies[state.company];

	function draw_company() {
		const found = company();
		const days = (value) => (value === null ? "–" : plain(value, 1));
		$("figures").replaceChildren(
			figure(__("Balance"), amount(found.balance), found.currency, tie_badge(found.untied)),
			figure(__("Overdue"), amount(found.overdue), found.currency,
				found.receivable > 0 && __("{0} % of receivables", plain((found.overdue / found.receivable) * 100, 1)), found.overdue > 0 ? "bad" : "good"),
			figure(__("Unallocated Amount"), amount(found.unallocated), found.currency, __("payments and credits not yet allocated")),
			figure(__("Unbilled"), amount(found.unbilled), found.currency,
				__("Orders {0}, deliveries {1}", compact(found.unbilled_orders), compact(found.unbilled_deliveries))),
			figure(__("Days to Pay"), days(found.days_to_pay), __("days"), __("{0} invoices paid in 12 months", plain(found.settled))),
			figure(__("Average Days Late"), days(found.days_late), __("days"), __("against the due date")),
			figure(__("Oldest Item"), plain(found.oldest_days), __("days"), found.oldest_due ? __("due {0}", found.oldest_due) : "", found.oldest_days > LONG_OVERDUE ? "bad" : ""),
		);
		$("ageing").replaceChildren(...ageing(found.ageing, found.currency));
		draw_currencies($("currencies"), found);
		draw_chart("months", found.months);
		draw_grades();
		credit.draw_cash(found);
		credit.draw_test($("test"), found.credit, found.name);
		forecast.draw(found);
		warnings.draw(found, href_of);
		kpis.draw(found);
		draw_worklist();
		draw_dunning();
		draw_chips();
		draw_customers();
	}

	function draw_worklist() {
		worklist.draw(company(), href_of);
	}

	function draw_dunning() {
		dunning.draw(company(), href_of);
	}

	function href_of(account) {
		return `#/${state.company}/${encodeURIComponent(account.id)}`;
	}

	function draw_grades() {
		const press = (grade) => {
			Object.assign(state, { grade: state.grade === grade ? null : grade, shown: STEP });
			draw_grades();
			draw_chips();
			draw_customers();
		};
		$("grades").replaceChildren(...credit.grades(main.grades, company(), state.grade, press));
	}

	function draw_currencies(place, found) {
		place.hidden = !found.currencies.some((row) => row[0] !== found.currency);
		const rows = found.currencies.map(([code, own, base, overdue]) => el("tr", {},
			cell(__("Currency"), code, "name"), money(__("Balance in Currency"), own),
			money(__("Balance in {0}", found.currency), base), money(__("Overdue in {0}", found.currency), overdue)));
		place.replaceChildren(el("h2", {}, __("By Currency")), table([
			heading(__("Currency")), heading(__("Balance in Currency"), true),
			heading(__("Balance in {0}", found.currency), true), heading(__("Overdue in {0}", found.currency), true),
		], rows, "stack single"));
	}

	function chip(label, count, pressed, press) {
		return el("button", { type: "button", "aria-pressed": String(pressed), onclick: press }, label, el("b", {}, plain(count)));
	}

	function draw_chips() {
		const accounts = company().accounts;
		const press = (change) => () => { Object.assign(state, change, { shown: STEP }); draw_grades(); draw_chips(); draw_customers(); };
		const by_status = STATUSES.map((status) => [status, accounts.filter((account) => account.status === status).length]);
		const by_segment = ["A", "B", "C"].map((name) => [name, accounts.filter((account) => account.segment === name).length]);
		const by_grade = main.grades.map((grade) => [grade, accounts.filter((account) => account.grade === grade).length]);
		$("chips").replaceChildren(
			chip(__("All"), accounts.length, !state.status && !state.segment && !state.grade, press({ status: null, segment: null, grade: null })),
			...by_status.filter((row) => row[1]).map(([status, count]) =>
				chip(word(status), count, state.status === status, press({ status: state.status === status ? null : status }))),
			...by_segment.filter((row) => row[1]).map(([name, count]) =>
				chip(__("Segment {0}", name), count, state.segment === name, press({ segment: state.segment === name ? null : name }))),
			...by_grade.filter((row) => row[1]).map(([grade, count]) =>
				chip(grade === "Unrated" ? word(grade) : __("Grade {0}", grade), count, state.grade === grade, press({ grade: state.grade === grade ? null : grade }))),
		);
	}

	function columns() {
		return [
			["name", __("Customer")], ["status", __("Status")], ["grade", __("Credit Grade")], ["balance", __("Balance"), true], ["overdue", __("Overdue"), true],
			["oldest_days", __("Oldest Item (Days)"), true], [null, __("Ageing")], ["unallocated", __("Unallocated Amount"), true],
			["unbilled", __("Unbilled"), true], ["days_late", __("Average Days Late"), true],
			["sales", __("Sales (12 Months)"), true], ["segment", __("Segment")], ["last_payment", __("Last Payment")],
		];
	}

	function chosen() {
		const wanted = state.search.trim().toLowerCase();
		const rows = company().accounts.filter((account) =>
			(!state.status || account.status === state.status) && (!state.segment || account.segment === state.segment) && (!state.grade || account.grade === state.grade) &&
			(!wanted || [account.name, account.id, account.group, account.territory, account.sales_person].some((text) => text.toLowerCase().includes(wanted))));
		const value = { status: (account) => -STATUSES.indexOf(account.status), grade: by_grade }[state.sort] || ((account) => account[state.sort]);
		const sign = state.down ? -1 : 1;
		return rows.sort((a, b) => {
			const [x, y] = [value(a), value(b)];
			if (x === y) return b.balance - a.balance;
			if (x === null || x === "") return 1;
			if (y === null || y === "") return -1;
			return sign * (typeof x === "string" ? x.localeCompare(y, locale()) : x - y);
		});
	}

	// The worst grade is the highest number; within a grade the lower score.
	function by_grade(account) {
		return account.score === null ? null : main.grades.indexOf(account.grade) * 1000 - account.score;
	}

	function draw_customers() {
		const rows = chosen();
		const headings = columns().map(([key, label, number]) => el("th", {
			class: number ? "num" : "", "aria-sort": state.sort === key ? (state.down ? "descending" : "ascending") : null,
		}, key ? el("button", { type: "button", "data-sort": key, onclick: () => sort_by(key, number) }, label, state.sort === key ? (state.down ? " ↓" : " ↑") : "") : label));
		$("count").textContent = rows.length === company().accounts.length ? plain(rows.length) : `${plain(rows.length)} / ${plain(company().accounts.length)}`;
		const body = rows.slice(0, state.shown).map(customer_row);
		const next = more(state.shown, rows.length, (shown) => { state.shown = shown; draw_customers(); });
		$("customers").replaceChildren(rows.length ? table(headings, body) : el("p", { class: "empty" }, __("No customer matches.")), next || "");
	}

	function sort_by(key, number) {
		state.down = state.sort === key ? !state.down : Boolean(number) || ["last_payment", "status", "grade"].includes(key);
		state.sort = key;
		draw_customers();
	}

	function customer_row(account) {
		const href = href_of(account);
		const sub = [account.name === account.id ? "" : account.id, account.group, account.territory].filter(Boolean).join(" · ");
		return open_row(href, "open",
			el("td", { class: "name lead" }, el("div", {}, el("a", { href }, account.name), el("div", { class: "sub" }, sub))),
			cell(__("Status"), pill(account.status), "nowrap"), cell(__("Credit Grade"), credit.badge(account), "nowrap"),
			money(__("Balance"), account.balance), money(__("Overdue"), account.overdue, account.overdue ? "late" : ""),
			cell(__("Oldest Item (Days)"), account.oldest_days ? plain(account.oldest_days) : "", "num"),
			cell(__("Ageing"), account.ageing.some((value) => value > 0) ? ages(account.ageing, true) : "", "wide"),
			money(__("Unallocated Amount"), account.unallocated), money(__("Unbilled"), account.unbilled),
			cell(__("Average Days Late"), account.days_late === null ? "" : plain(account.days_late, 1), "num"),
			money(__("Sales (12 Months)"), account.sales), cell(__("Segment"), segment(account.segment)),
			cell(__("Last Payment"), account.last_payment, "nowrap"));
	}

	// One customer

	async function draw_customer(account) {
		const found = company();
		const ledger = await ledger_of(account);
		if (state.account !== account) return;
		const many = ledger.lines.some((line) => line[LINE.currency] !== found.currency);
		const about = [account.id, account.group, account.territory, account.sales_person].filter(Boolean).join(" · ");
		$("customer").replaceChildren(
			el("div", { class: "head" },
				el("button", { type: "button", class: "back", onclick: () => { location.hash = "#/"; } }, "← ", __("All Customers")),
				el("div", {}, el("h1", {}, account.name), el("div", { class: "sub" }, about)),
				credit.badge(account), pill(account.status), pill("", word(account.behaviour)), account.segment && segment(account.segment)),
			difference_card(account, ledger),
			customer_figures(account, found),
			el("section", { class: "panels" },
				el("div", { class: "card" }, el("h2", {}, __("Ageing")), ageing(account.ageing, found.currency)),
				el("div", { class: "card" }, el("h2", {}, __("Billed and Received"), " ", el("small", {}, __("24 Months"))),
					el("div", { class: "chart" }, el("canvas", { id: "customer-months" })))),
			el("section", { class: "card", id: "credit" }, credit.assessment(account, ledger.credit)),
			many ? el("section", { class: "card", id: "customer-currencies" }) : "",
			el("section", { class: "card ledger", id: "ledger" }));
		if (many) draw_currencies($("customer-currencies"), { ...account, currency: found.currency });
		draw_chart("customer-months", ledger.months);
		current = [account, ledger, many];
		draw_ledger(...current);
	}

	function customer_figures(account, found) {
		const days = (value) => (value === null ? "–" : plain(value, 1));
		return el("section", { class: "figures" },
			figure(__("Balance"), amount(account.balance), found.currency, account.difference ? tie_badge(1) : tie_badge(0)),
			figure(__("Overdue"), amount(account.overdue), found.currency, account.oldest_days ? overdue_text(account.oldest_days) : "", account.overdue > 0 ? "bad" : "good"),
			figure(__("Unallocated Amount"), amount(account.unallocated), found.currency, __("payments and credits not yet allocated")),
			figure(__("Unbilled"), amount(account.unbilled), found.currency),
			figure(__("Days to Pay"), days(account.days_to_pay), __("days"), account.days_late === null ? "" : __("{0} days late on average", plain(account.days_late, 1))),
			figure(__("Sales (12 Months)"), amount(account.sales), found.currency, account.last_invoice ? __("last invoice {0}", account.last_invoice) : ""),
			figure(__("Last Payment"), account.last_payment || "–", ""));
	}

	function difference_card(account, ledger) {
		if (!account.difference) return "";
		const rows = ledger.differences.map(([name, payment, general]) => el("tr", {},
			cell(__("Document"), name), money(__("Payment Ledger"), payment), money(__("General Ledger"), general)));
		return el("section", { class: "card warning" },
			el("h2", {}, __("Differs from General Ledger by {0}", amount(account.difference))),
			table([heading(__("Document")), heading(__("Payment Ledger"), true), heading(__("General Ledger"), true)], rows));
	}

	function draw_ledger(account, ledger, many) {
		const tabs = [["ledger", __("Ledger"), ledger.lines.length], ["items", __("Open Items"), ledger.items.length]];
		if (ledger.orders.length) tabs.push(["orders", __("Unbilled Orders"), ledger.orders.length]);
		if (!tabs.some((tab) => tab[0] === state.tab)) state.tab = "ledger";
		const draw = { ledger: ledger_table, items: items_table, orders: orders_table }[state.tab];
		$("ledger").replaceChildren(
			el("div", { class: "bar" }, el("div", { class: "tabs", role: "tablist" }, tabs.map(([key, label, count]) =>
				el("button", { type: "button", role: "tab", "data-tab": key, "aria-selected": String(state.tab === key),
					onclick: () => { Object.assign(state, { tab: key, lines: STEP }); draw_ledger(account, ledger, many); } },
				label, " ", el("small", {}, plain(count)))))),
			...draw(ledger, many, (lines) => { state.lines = lines; draw_ledger(account, ledger, many); }).filter(Boolean));
	}

	function document_cell(doctype, name, sub) {
		const kind = typeof doctype === "number" ? main.doctypes[doctype] : doctype;
		return el("td", { class: "lead" }, el("div", {}, el("span", { class: "name" }, name), el("div", { class: "sub" }, word(kind), sub)));
	}

	function ledger_table(ledger, many, show) {
		const base = company().currency;
		const rows = ledger.lines.slice(0, state.lines).map((line) => ledger_row(line, many, base));
		const headings = [heading(__("Date")), heading(__("Document")), many && heading(__("Currency")), heading(__("Debit"), true), heading(__("Credit"), true),
			heading(__("Balance"), true), many && heading(__("Balance in {0}", base), true), heading(__("Status")), heading(__("Due Date")), heading(__("Days Late"), true)];
		return [table(headings.filter(Boolean), rows), more(state.lines, ledger.lines.length, show)];
	}

	function ledger_row(line, many, base) {
		const exchange = !line[LINE.debit] && !line[LINE.credit];
		const status = main.statuses[line[LINE.status]];
		const open = line[LINE.outstanding];
		const partly = open > 0 && open < line[LINE.debit] - line[LINE.credit];
		const against = exchange ? ` · ${__("exchange difference {0}", amount(line[LINE.base]))}` : line[LINE.against].length ? ` → ${line[LINE.against].slice(0, 3).join(", ")}${line[LINE.against].length > 3 ? " …" : ""}` : "";
		return el("tr", {},
			cell(__("Date"), line[LINE.date], "nowrap"), document_cell(line[LINE.doctype], line[LINE.voucher], against),
			many && cell(__("Currency"), line[LINE.currency]),
			cell(__("Debit"), line[LINE.debit] ? amount(line[LINE.debit]) : "", "num"), cell(__("Credit"), line[LINE.credit] ? amount(line[LINE.credit]) : "", "num"),
			cell(__("Balance"), amount(line[LINE.balance]), "num name"),
			many && cell(__("Balance in {0}", base), amount(line[LINE.base_balance]), "num wide"),
			cell(__("Status"), exchange ? "" : el("div", {}, line_pill(status, line[LINE.late]), partly || (open < 0 && status === "Credit") ? el("div", { class: "sub" }, __("{0} outstanding", amount(open))) : ""), "wide"),
			cell(__("Due Date"), line[LINE.due], "nowrap"),
			cell(__("Days Late"), line[LINE.late] === null || (open && line[LINE.late] <= 0) ? "" : plain(line[LINE.late]), `num ${line[LINE.late] > 0 ? "late" : ""}`));
	}

	function items_table(ledger, many, show) {
		if (!ledger.items.length) return [el("p", { class: "empty" }, __("No open items"))];
		const base = company().currency;
		const rows = ledger.items.slice(0, state.lines).map((item) => el("tr", {},
			cell(__("Due Date"), item[ITEM.due], "nowrap"), document_cell(item[ITEM.doctype], item[ITEM.voucher], item[ITEM.term] ? ` · ${item[ITEM.term]}` : ""),
			cell(__("Date"), item[ITEM.posted], "nowrap"), many && cell(__("Currency"), item[ITEM.currency]),
			money(__("Amount"), item[ITEM.amount]), money(__("Outstanding"), item[ITEM.outstanding], "name"),
			many && money(__("Outstanding in {0}", base), item[ITEM.base], "wide"),
			cell(__("Status"), line_pill(main.statuses[item[ITEM.status]], item[ITEM.late])),
			cell(__("Expected"), item[ITEM.expected] ? credit.expected(...item.slice(ITEM.expected)) : "", "wide")));
		const headings = [heading(__("Due Date")), heading(__("Document")), heading(__("Date")), many && heading(__("Currency")), heading(__("Amount"), true),
			heading(__("Outstanding"), true), many && heading(__("Outstanding in {0}", base), true), heading(__("Status")), heading(__("Expected"))];
		return [table(headings.filter(Boolean), rows), more(state.lines, ledger.items.length, show)];
	}

	function orders_table(ledger, _many, show) {
		const rows = ledger.orders.slice(0, state.lines).map((order) => el("tr", {},
			document_cell(3, order[ORDER.name], ""), cell(__("Date"), order[ORDER.date], "nowrap"), cell(__("Delivery Date"), order[ORDER.delivery], "nowrap"),
			cell(__("Currency"), order[ORDER.currency]), money(__("Order Total"), order[ORDER.total]), money(__("Unbilled"), order[ORDER.unbilled], "name"),
			cell(__("Billed"), `${plain(order[ORDER.billed])} %`, "num")));
		return [table([heading(__("Document")), heading(__("Date")), heading(__("Delivery Date")), heading(__("Currency")), heading(__("Order Total"), true),
			heading(__("Unbilled"), true), heading(__("Billed"), true)], rows), more(state.lines, ledger.orders.length, show)];
	}

	// The page as a whole

	function draw() {
		document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
		document.querySelectorAll("[data-text]").forEach((element) => { element.textContent = word(element.dataset.text); });
		$("search").placeholder = __("Search customer, group, territory, sales person");
		$("search").setAttribute("aria-label", __("Search"));
		$("language").textContent = state.language === "zh" ? "English" : "中文";
		$("company").setAttribute("aria-label", __("Company"));
		$("company").replaceChildren(...main.companies.map((row, i) => el("option", { value: i, selected: i === state.company }, `${row.name} (${row.currency})`)));
		$("company").hidden = main.companies.length < 2;
		$("company-name").textContent = main.companies.length ? company().name : "";
		$("company-name").style.display = main.companies.length < 2 ? "" : "none";
		if (!main.companies.length) return;
		$("overview").hidden = Boolean(state.account);
		$("customer").hidden = !state.account;
		if (state.account) draw_customer(state.account);
		else draw_company();
	}

	function route() {
		const [, place, id] = location.hash.match(/^#\/(\d+)\/(.+)$/) || [];
		const was = state.account;
		if (place !== undefined && main.companies[place]) state.company = Number(place);
		state.account = id === undefined || !main.companies.length ? null : company().accounts.find((account) => account.id === decodeURIComponent(id)) || null;
		if (state.account !== was) Object.assign(state, { tab: "ledger", lines: STEP });
		draw();
		if (state.account && state.account !== was) scrollTo(0, 0);
	}

	function change_language() {
		state.language = state.language === "zh" ? "en" : "zh";
		draw();
	}

	function listen() {
		addEventListener("hashchange", route);
		addEventListener("beforeprint", () => { Object.assign(state, { shown: Infinity, lines: Infinity }); worklist.show_all(); dunning.show_all(); if (state.account) draw_ledger(...current); else { draw_worklist(); dunning.draw_plan(company(), href_of); draw_customers(); } });
		$("language").addEventListener("click", change_language);
		$("print").addEventListener("click", () => print());
		$("search").addEventListener("input", (event) => { Object.assign(state, { search: event.target.value, shown: STEP }); draw_customers(); });
		$("call-search").addEventListener("input", (event) => { worklist.search(event.target.value); draw_worklist(); });
		$("plan-search").addEventListener("input", (event) => { dunning.search(event.target.value); dunning.draw_plan(company(), href_of); });
		$("company").addEventListener("change", (event) => {
			Object.assign(state, { company: Number(event.target.value), account: null, status: null, segment: null, grade: null, shown: STEP });
			if (location.hash.length > 2) location.hash = "#/";
			else draw();
		});
	}

	async function start() {
		main = await unpack("main");
		state.language = main.language;
		listen();
		route();
		document.body.dataset.ready = "yes";
	}

	start();
})();
