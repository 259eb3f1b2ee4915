// The chat page: what the customer does, what goes to the server, what comes back.

import { addPicture, openSession, sendMessage, takeOver } from "./api.js";
import { Log } from "./bubbles.js";
import { written } from "./days.js";
import { Memory, newClientId } from "./memory.js";

// Facts whose answer is a day, as the questions of the policy name them.
const ASKED_AS_DAY = new Set(["order.delivered_at", "order.receipt_confirmed_at", "claim.proof.date"]);

// A link is not there to fill the screen.
const LONGEST_BROUGHT = 500;

const shop = document.body.dataset.shop;
const part = (id) => document.getElementById(id);
const input = part("text");
const greeting = part("greeting").cloneNode(true);
const memory = new Memory(shop);
const log = new Log(part("log"), { onChoice: choose, onSayAgain: sayAgain });
let busy = false;

function choose(choice) {
  say({ text: choice.label, choice: choice.id });
}

function sayAgain() {
  const last = memory.entries.findLast((entry) => entry.from === "customer");
  if (last) say({ text: last.text, choice: last.choice });
}

/** Take what the customer said, show it at once, and send it. */
function say({ text, choice = null, pictures = [] }) {
  if (busy) return;
  const entry = { from: "customer", text, choice, pictures, clientId: newClientId(), answered: false };
  memory.add(entry);
  // What was pressed may be about to go: a choice, the day. On a touch screen the input would open the keyboard.
  if (document.activeElement !== input) {
    (matchMedia("(pointer: fine)").matches ? input : part("log")).focus({ preventScroll: true });
  }
  const shown = log.customer(text);
  asked(null);
  send(entry, shown);
}

async function send(entry, shown) {
  if (busy) return;
  working(true);
  log.settled(shown);
  try {
    answered(entry, await delivered(entry));
  } catch (error) {
    log.failed(shown, error.sentence ?? "Not sent: something went wrong.", () => send(entry, shown));
  } finally {
    working(false);
  }
}

async function delivered(entry) {
  try {
    return await sendMessage(await token(), body(entry));
  } catch (error) {
    if (error.status !== 401) throw error;
  }
  // The conversation is over (its token lives a day): the same words open a new one, where old choices mean nothing.
  memory.token = null;
  entry.choice = null;
  entry.pictures = [];
  log.remark("The earlier conversation has ended. This is a new one.");
  return await sendMessage(await token(), body(entry));
}

function body({ clientId, text, choice, pictures = [] }) {
  if (choice !== null) return { client_id: clientId, choice };
  return pictures.length ? { client_id: clientId, text: "", attachments: pictures } : { client_id: clientId, text };
}

/** Send the chosen files up one by one, then one message with all of them; what fails is said and can be tried again. */
async function sendPictures() {
  const files = [...part("pictures").files];
  if (busy || files.length === 0) return;
  working(true);
  const pictures = [];
  let failure = "";
  try {
    for (const file of files) pictures.push((await addPicture(await token(), file)).attachment_id);
  } catch (error) {
    failure = error.sentence ?? "Not sent: something went wrong.";
  } finally {
    working(false);
    part("pictures").value = "";
  }
  if (failure) {
    log.remark(failure);
    log.scrollToEnd();
  } else {
    say({ text: files.length === 1 ? "(1 picture)" : `(${files.length} pictures)`, pictures });
  }
}

async function token() {
  if (!memory.token) {
    memory.token = (await openSession(shop)).token;
    memory.write();
  }
  return memory.token;
}

function answered(entry, { replies }) {
  entry.answered = true;
  replies.forEach((reply) => memory.add(reply));
  log.showTyping(false);
  asked(replies.at(-1));
  log.replies(replies);
}

/** Fit the input to what the newest reply asks, if it asks anything. */
function asked(reply) {
  const { custom, choices = [] } = reply ?? {};
  const fact = custom?.kind === "question" ? custom.asks : null;
  part("day-row").hidden = choices.length > 0 || !ASKED_AS_DAY.has(fact);
  part("picture-row").hidden = fact !== "claim.photos";
  input.inputMode = fact === "customer.email" ? "email" : "text";
  input.autocapitalize = fact === "customer.email" ? "none" : "sentences";
}

function working(now) {
  busy = now;
  log.showTyping(now);
  part("send").disabled = now;
  part("status").textContent = now ? "Sending. The assistant is answering." : "";
  part("start-over").hidden = memory.entries.length === 0;
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}

function submit(event) {
  event.preventDefault();
  if (busy) return;
  if (event.submitter?.value === "day") {
    const day = written(part("day").value);
    if (day) say({ text: day });
    else part("day").focus();
    return;
  }
  const text = input.value;
  if (!text.trim()) return input.focus();
  input.value = "";
  grow();
  say({ text });
}

function wireExamples(root) {
  root.querySelectorAll("#examples .choice").forEach((example) => {
    example.addEventListener("click", () => say({ text: example.textContent }));
  });
}

function startOver() {
  memory.forget();
  const fresh = greeting.cloneNode(true);
  wireExamples(fresh);
  log.clear(fresh);
  asked(null);
  part("start-over").hidden = true;
  input.focus();
}

/** After a reload: show what was said, and finish what had not been answered (the server does nothing twice). */
function resume() {
  if (memory.entries.length === 0) return;
  let shown = null;
  for (const entry of memory.entries) {
    if (entry.from === "customer") shown = log.customer(entry.text);
    else log.replies([entry]);
  }
  part("start-over").hidden = false;
  log.scrollToEnd("instant");
  const last = memory.entries.at(-1);
  if (last.from === "customer" && !last.answered) send(last, shown);
  else asked(last);
}

/** A conversation had elsewhere goes on here (`#continue=`): what was asked last stands here, ready to be answered. */
async function goOn(code) {
  working(true);
  try {
    const { token: taken, replies } = await takeOver(code);
    memory.forget();
    memory.token = taken;
    replies.forEach((reply) => memory.add(reply));
    memory.write();
    log.clear(greeting.cloneNode(true));
    log.remark("The conversation goes on here.");
    log.replies(replies);
    asked(replies.at(-1) ?? null);
    part("start-over").hidden = false;
  } catch (error) {
    log.remark(error.sentence ?? "Something went wrong: open the link again.");
  } finally {
    working(false);
    log.scrollToEnd();
  }
}

/** A link in a letter brings the first words along (`#say=`). They are the customer's own once they send them. */
function takeUpLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  const [code, brought] = [link.get("continue"), link.get("say")];
  if (!code && !brought) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (code) {
    goOn(code);
    return;
  }
  input.value = brought.slice(0, LONGEST_BROUGHT);
  grow();
  input.focus();
}

part("compose").addEventListener("submit", submit);
part("pictures").addEventListener("change", sendPictures);
part("day").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  part("compose").requestSubmit(part("day-row").querySelector("button"));
});
input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  // A composed character (Chinese, Japanese …) is confirmed with Enter too.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  part("compose").requestSubmit(part("send"));
});
part("start-over").addEventListener("click", () => part("start-over-dialog").showModal());
part("start-over-dialog").addEventListener("close", (event) => {
  if (event.target.returnValue === "start-over") startOver();
  event.target.returnValue = "";
});
wireExamples(document);
resume();
takeUpLink();
