// The machine-readable half of a reply, shown as a card under its text. A kind not known here shows nothing.

import { readable } from "./days.js";
import { button, element } from "./elements.js";

const REMEDIES = {
  cancel: "Cancel the order",
  refuse_delivery: "Refuse the delivery",
  return_refund: "Return and refund",
  exchange: "Exchange",
  wait_backorder: "Wait for the item",
  refund_now: "Refund now",
  dispute: "Dispute",
  warranty_repair: "Repair under warranty",
  paid_repair: "Paid repair",
  software_upgrade: "Software upgrade",
  one_year_service: "One-year service",
};

const OUTCOMES = {
  eligible: ["Open", "open"],
  eligible_after_inspection: ["Open, after inspection", "open"],
  needs_information: ["To be settled", "waiting"],
  not_yet: ["Not yet", "waiting"],
  refer_to_person: ["A person decides", "waiting"],
  not_eligible: ["Not possible", "closed"],
};

const MOST_REMEDIES = 3;

/** The card for a reply's `custom`, or null. */
export function cardFor(custom) {
  switch (custom?.kind) {
    case "rma": return rmaCard(custom);
    case "verdict": return verdictCard(custom);
    default: return null;
  }
}

function rmaCard({ number, return_by: returnBy, slip_url: slip, calendar_url: calendar }) {
  if (typeof number !== "string") return null;
  const shown = element("output", "rma-number", number);
  const card = element("section", "card slip", [
    element("p", "label", "Return number (RMA)"),
    element("div", "rma-line", [shown, copyButton(number, shown)]),
    readable(returnBy) && fact("Send it back by", readable(returnBy)),
    paperLink(slip, "Print the slip for the parcel"),
    paperLink(calendar, "Put the last day into your calendar"),
  ]);
  card.setAttribute("aria-label", "Your return number");
  return card;
}

function copyButton(number, shown) {
  const copy = button("quiet copy", "Copy", async () => {
    try {
      await navigator.clipboard.writeText(number);
      copy.textContent = "Copied";
    } catch {
      // Browsers lend the clipboard to https pages only; marking it leaves one key to press.
      getSelection().selectAllChildren(shown);
      copy.textContent = "Marked";
    }
    setTimeout(() => { copy.textContent = "Copy"; }, 2500);
  });
  copy.setAttribute("aria-live", "polite");
  return copy;
}

function paperLink(address, label) {
  if (typeof address !== "string") return null;
  const url = new URL(address, location.href);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  const link = element("a", "paper-link", label);
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function verdictCard({ remedies, calendar_url: calendar }) {
  const known = (Array.isArray(remedies) ? remedies : []).filter((one) => one.remedy in REMEDIES);
  const open = known.filter((one) => OUTCOMES[one.outcome]?.[1] === "open");
  const shown = (open.length ? open : known).slice(0, MOST_REMEDIES);
  if (!shown.length) return null;
  const link = paperLink(calendar, "Put the dates into your calendar");
  const card = element("section", "card verdict", [...shown.map(remedyRow), link]);
  card.setAttribute("aria-label", "The decision in short");
  return card;
}

function remedyRow({ remedy, outcome, last_day: lastDay, opens_at: opensAt, reasons }) {
  const [word, state] = OUTCOMES[outcome] ?? ["", "waiting"];
  const clauses = [...new Set((reasons ?? []).map((reason) => reason.clause).filter(Boolean))];
  return element("div", "remedy", [
    element("div", "remedy-head", [
      element("h3", "", REMEDIES[remedy]),
      element("span", `badge ${state}`, word),
    ]),
    readable(lastDay) && fact("Last day", readable(lastDay)),
    outcome === "not_yet" && readable(opensAt) && fact("Opens", readable(opensAt)),
    clauses.length > 0 && clauseList(clauses),
  ]);
}

function clauseList(clauses) {
  return element("p", "clauses", [
    element("span", "label", clauses.length === 1 ? "Clause" : "Clauses"),
    ...clauses.map((clause) => element("code", "", clause)),
  ]);
}

function fact(label, value) {
  return element("p", "fact", [element("span", "label", label), element("strong", "", value)]);
}
