// Entry of the cash forecast's code: client_ledger.make_cash_forecast(page) fills a page.

import CashForecastPage from "./forecasts/page";

frappe.provide("client_ledger");

client_ledger.make_cash_forecast = (page) => new CashForecastPage(page);
