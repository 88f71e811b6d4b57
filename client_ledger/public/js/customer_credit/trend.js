// The score at the end of each month, as a small line.

import { day, escape } from "../customer_ledger/format";

const WIDTH = 160;
const HEIGHT = 44;

export function draw_trend($root, { trend }) {
	const points = trend.filter((row) => row.score !== null);
	if (points.length < 2) return;
	const x = (i) => (i / (points.length - 1)) * (WIDTH - 8) + 4;
	const y = (score) => HEIGHT - 4 - (score / 100) * (HEIGHT - 8);
	const path = points.map((row, i) => `${i ? "L" : "M"}${x(i)} ${y(row.score)}`).join(" ");
	const dots = points.map(
		(row, i) =>
			`<circle cx="${x(i)}" cy="${y(row.score)}" r="3"><title>${day(row.month)}: ${escape(
				row.grade
			)}, ${format_number(row.score, null, 1)}</title></circle>`
	);
	$root
		.find(".cl-trend")
		.html(
			`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img"><path d="${path}"/>${dots.join(
				""
			)}</svg>`
		);
}
