// Reasons that are kept as a message and its values: shown in the reader's language and formats.

import { day, money } from "./format";

/** row: with reason_message and reason_values; else the sentence that is stored. of_none: what a value that is null says. */
export function reason_of({ reason, reason_message, reason_values }, of_none = null) {
	if (!reason_message) return reason || "";
	const values =
		typeof reason_values === "string"
			? JSON.parse(reason_values || "[]")
			: reason_values || [];
	return __(
		reason_message,
		values.map((value) => (value === null ? of_none : written(value)))
	);
}

function written(value) {
	if (typeof value !== "object") return value;
	if (value.day) return day(value.day);
	if (value.word) return __(value.word);
	if (value.amount === undefined) return value;
	const amount = Number(value.amount);
	return value.currency ? money(amount, value.currency) : format_number(amount, null, 2);
}
