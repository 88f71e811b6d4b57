// One question to the server: frappe.xcall always posts in version 15, and reading is GET here.

/** The server did not do it, and Frappe has shown why: what would have followed does not happen, and that is no fault of a script. */
class Refused extends Error {
	name = "Refused";
}

// Each bundle has its own copy of this file, so the name tells and not the class.
const is_refusal = (error) => error?.name === "Refused";

/** Call a whitelisted method by its dotted path and return its answer. Throws Refused. */
export async function ask(method, args, type = "POST", more = {}) {
	let answer;
	try {
		answer = await frappe.call({ method, args, type, ...more });
	} catch (cause) {
		throw new Refused(method, { cause });
	}
	return answer.message;
}

/** Return whether the server did *work*; where it refused, Frappe has shown why. */
export async function attempt(work) {
	try {
		await work();
		return true;
	} catch (error) {
		// A mistake in a script stays one.
		if (error instanceof Error && !is_refusal(error)) throw error;
		return false;
	}
}

/** A refusal that nobody waits for is no error of a script: whoever clicked has read why. */
export function end_refusals_quietly() {
	window.addEventListener("unhandledrejection", (event) => {
		if (is_refusal(event.reason)) event.preventDefault();
	});
}
