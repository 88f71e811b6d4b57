// Why something is proposed for a receipt, in the reader's language and formats.

import { day, money } from "../shared/format";

/** doc: with reason_message and reason_values; else the sentence that is stored. */
export function reason_of({ reason, reason_message, reason_values }) {
	if (!reason_message) return reason || "";
	const values =
		typeof reason_values === "string"
			? JSON.parse(reason_values || "[]")
			: reason_values || [];
	return __(reason_message, values.map(written));
}

function written(value) {
	if (value && value.day) return day(value.day);
	return value && value.currency ? money(value.amount, value.currency) : value;
}
