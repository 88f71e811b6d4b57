// One question to the server: frappe.xcall always posts in version 15, and reading is GET here.

export async function ask(method, args, type = "POST") {
	const where = method.includes(".") ? method : `collections_api.${method}`;
	const answer = await frappe.call({ method: `client_ledger.${where}`, args, type });
	return answer.message;
}
