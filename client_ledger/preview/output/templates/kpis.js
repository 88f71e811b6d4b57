// The page's KPIs: value, formula, inputs, rows, and what changed since a month ago. `page` is what they draw with.
"use strict";

window.kpi_parts = (page) => {
	const { __, word, el, $, amount, plain, cell, heading, table, said, chip } = page;
	const ROW = { input: 0, voucher: 2, customer: 3, day: 4, amount: 5 };
	const WIDTH = 88;
	const HEIGHT = 22;
	const state = { open: null, dimension: null };

	function draw(company) {
		const found = company.kpis;
		if (!found.parts[state.dimension]) state.dimension = Object.keys(found.parts)[0];
		$("kpi-period").textContent = __("{0} to {1}", found.since, found.until);
		$("kpi-tie").replaceChildren(tie(found, company.currency));
		$("kpis").replaceChildren(
			table([heading(__("KPI")), heading(__("Value"), true), heading(__("12 Months"), true), heading(__("A Month Ago"), true), heading(__("12 Month Ends")), heading(__("Why It Changed"))],
				found.rows.flatMap((row) => kpi_rows(found, row, company))));
		draw_parts(company);
	}

	function tie(found, currency) {
		if (found.difference) return el("span", { class: "differs" }, __("Differs from the General Ledger by {0} {1}", amount(found.difference), currency));
		return el("span", { class: "ties" }, __("Ties to the General Ledger: receivable less unallocated is {0} {1}", amount(found.balance), currency));
	}

	function shown(value, unit, currency) {
		if (value === null) return "–";
		if (unit === "amount") return `${amount(value)} ${currency}`;
		return `${plain(value, 2)} ${unit === "%" ? "%" : word(unit)}`;
	}

	function kpi_rows(found, row, company) {
		const open = state.open === row.key;
		const press = () => { state.open = open ? null : row.key; draw(company); };
		const value = row.value === null ? el("span", { class: "sub" }, said(row.missing)) : shown(row.value, row.unit, company.currency);
		const line = el("tr", { class: "kpi", "data-kpi": row.key },
			el("td", { class: "lead" }, el("button", { type: "button", class: "link", "aria-expanded": String(open), onclick: press }, said(row.label))),
			cell(__("Value"), value, row.value === null ? "wide" : "num name"), cell(__("12 Months"), row.year === null ? "" : plain(row.year, 2), "num"),
			cell(__("A Month Ago"), row.before === null ? "" : plain(row.before, 2), "num"), cell(__("12 Month Ends"), spark(row.line), "nowrap"),
			cell(__("Why It Changed"), causes(found, row), "wide"));
		return open ? [line, el("tr", { class: "kpi-detail" }, el("td", { class: "wide", colspan: "6" }, detail(row, company)))] : [line];
	}

	function causes(found, row) {
		if (!row.parts) return "";
		const parts = found.causes.map((cause, i) => [cause, row.parts[i]]).filter(([_cause, part]) => part);
		return parts.length ? el("div", { class: "causes" }, parts.map(([cause, part]) => el("span", { class: "cause" }, `${word(cause)} ${part > 0 ? "+" : ""}${plain(part, 2)}`))) : "";
	}

	// A line without axes: whether it rises or falls, not how much.
	function spark(values) {
		const known = values.filter((value) => value !== null);
		if (known.length < 2) return "";
		const [least, most] = [Math.min(...known), Math.max(...known)];
		const x = (i) => (i / (values.length - 1)) * WIDTH;
		const y = (value) => (most === least ? HEIGHT / 2 : HEIGHT - 2 - ((value - least) / (most - least)) * (HEIGHT - 4));
		const points = values.map((value, i) => (value === null ? null : `${x(i).toFixed(1)},${y(value).toFixed(1)}`)).filter(Boolean);
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
		for (const [name, value] of [["viewBox", `0 0 ${WIDTH} ${HEIGHT}`], ["class", "spark"], ["role", "img"], ["aria-label", `${plain(least, 1)} – ${plain(most, 1)}`]]) svg.setAttribute(name, value);
		path.setAttribute("points", points.join(" "));
		svg.append(path);
		return svg;
	}

	function detail(row, company) {
		const inputs = row.inputs.map(([english, chinese, value]) => el("tr", {}, el("td", { class: "lead" }, said([english, chinese])), cell(__("Amount"), amount(value), "num")));
		const rows = row.drill.map((one) => el("tr", {},
			cell(__("Input"), said(one.slice(ROW.input, ROW.voucher)) || ""), cell(__("Document"), one[ROW.voucher], "name"),
			cell(__("Customer"), name_of(company, one[ROW.customer])), cell(__("Date"), one[ROW.day], "nowrap"), cell(__("Amount"), amount(one[ROW.amount]), "num")));
		return el("div", { class: "kpi-open" },
			el("p", {}, el("b", {}, __("Formula")), ": ", said(row.formula)),
			inputs.length ? table([heading(__("Input")), heading(__("Amount"), true)], inputs) : "",
			rows.length ? table([heading(__("Input")), heading(__("Document")), heading(__("Customer")), heading(__("Date")), heading(__("Amount"), true)], rows) : "",
			row.drilled > row.drill.length ? el("p", { class: "sub" }, __("The {0} largest of {1} rows; client-ledger kpis writes all of them, with formulas that calculate each KPI again.", plain(row.drill.length), plain(row.drilled))) : "");
	}

	function name_of(company, customer) {
		const account = company.accounts.find((one) => one.id === customer);
		return account ? account.name : customer;
	}

	function draw_parts(company) {
		const found = company.kpis;
		const press = (name) => () => { state.dimension = name; draw_parts(company); };
		$("kpi-dimensions").replaceChildren(...Object.entries(found.parts).map(([name, rows]) => chip(word(name), rows.length, name === state.dimension, press(name))));
		const units = found.compared.map(([key]) => found.rows.find((row) => row.key === key).unit);
		const rows = (found.parts[state.dimension] || []).map(([value, ...values]) => el("tr", {},
			el("td", { class: "lead" }, value ? word(value) : __("Not Set")),
			values.map((one, i) => cell(said(found.compared[i].slice(1)), one === null ? "" : shown(one, units[i], company.currency), "num"))));
		$("kpi-parts").replaceChildren(table([heading(word(state.dimension)), ...found.compared.map((one) => heading(said(one.slice(1)), true))], rows));
	}

	return { draw };
};
