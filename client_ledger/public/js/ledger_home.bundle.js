// Entry of the home page's code: client_ledger.make_home(element) puts the page behind an element.

import Home from "./home/home";

frappe.provide("client_ledger");

client_ledger.make_home = (element) => new Home(element);
