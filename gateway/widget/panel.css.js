// The panel's look. On a wide screen a sheet above the page's corner, on a phone the whole screen.

export const STYLE_PANEL = `
h2, h3, p, ul { margin: 0; padding: 0; font: inherit; list-style: none; }
h2, h3, strong { font-weight: 650; line-height: 1.3; }
h2, h3 { font-size: 17px; }
input, textarea, select { font: inherit; color: inherit; background: var(--sunken); border: 0; border-radius: 12px; }
svg { width: 1.5em; height: 1.5em; flex: none; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
* { unicode-bidi: plaintext; }
.panel:dir(rtl) { text-align: right; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel, .turn { display: flex; flex-direction: column; }
.head, .menu > *, .row, .pick, .choices, .tray, .state, .countdown, .quiet, .field, .seen { display: flex; align-items: center; gap: 8px; }
.row, .pick, .choices, .tray, .state, .seen { flex-wrap: wrap; }
.row { justify-content: space-between; }
.icon, .mark, .send, .tile button { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 13px; }
.panel {
  inset-block-start: auto; inset-inline-start: auto; margin: 0; padding: 0; border: 0;
  width: min(416px, 100vw - 40px); height: min(736px, 100dvh - 40px);
  max-width: none; max-height: none;
  background: var(--sunken); color: var(--ink);
  border-radius: calc(var(--round) + 6px);
  overflow: hidden;
  animation: rise .24s;
}
dialog:not([open]) { display: none; }
section.panel { position: static; width: 100%; height: 100%; }
:host([page]) { display: block; }
@media (max-width: 512px), (max-height: 416px) { .panel.panel { inset: 0; width: 100%; height: var(--seen, 100dvh); border-radius: 0; } }
.head, .compose, .note { background: var(--surface); }
.head { position: relative; padding: 12px; box-shadow: var(--edge); }
@media (max-height: 416px) { .head { padding: 0 8px; } }
.mark, .send, .customer .bubble { background: var(--accent); color: var(--on-accent); }
.mark { font-weight: 700; font-size: 19px; }
.who { flex: 1; min-width: 0; }
.who h2 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who p, .label, .state, .remark, .note, .name { color: var(--soft); font-size: 14px; }
.tag, .badge, .countdown { padding: 2px 10px; border-radius: 99px; background: var(--tint); color: var(--strong); font-weight: 600; font-size: 13px; }
.icon:hover, .menu button:hover, .choice:hover, .quiet:hover { background: var(--tint); color: var(--strong); }
.menu { position: absolute; z-index: 1; inset-block-start: 90%; inset-inline-end: 14px; min-width: 240px; padding: 6px; border-radius: 14px; background: var(--surface); box-shadow: var(--edge), var(--shadow); }
.menu > * { justify-content: space-between; width: 100%; min-height: 42px; padding: 0 11px; border-radius: 10px; }
.banner { padding: 6px 16px; text-align: center; font-size: 14px; }
.banner, .badge.waiting, .countdown.soon, .trouble .bubble { background: var(--warn-tint); color: var(--warn); }

.log { position: relative; flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px 16px; scroll-behavior: smooth; }
.log:focus-visible { outline-offset: -4px; }
.turn { align-items: flex-start; gap: 8px; margin-block-start: 8px; animation: rise .22s; }
.customer { align-items: flex-end; }
.customer, .customer + * { margin-block-start: 16px; }
.bubble { max-width: 88%; padding: 10px 14px; border-radius: var(--round); border-end-start-radius: 5px; background: var(--surface); box-shadow: var(--edge); }
.customer .bubble { border-end-start-radius: var(--round); border-end-end-radius: 5px; box-shadow: none; }
.agent .bubble { background: var(--tint); }
.said { white-space: pre-line; overflow-wrap: anywhere; text-align: start; }
.remark { margin: 19px 32px 0; text-align: center; }
.seen { margin-block: 3px 6px; }
.state { justify-content: flex-end; }
.failure { color: var(--warn); }
canvas { display: block; object-fit: cover; width: 74px; height: 74px; border-radius: 12px; background: var(--tint); }
.typing i { display: inline-block; width: 7px; height: 7px; margin: 0 2px; border-radius: 50%; background: var(--soft); animation: breathe .6s infinite alternate; }
.typing i + i { animation-delay: .2s; }

@keyframes breathe { from { opacity: .25; } }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }

.stacked { flex-direction: column; align-items: flex-start; }
.choice, .quiet { min-height: 42px; padding: 6px 14px; border-radius: 14px; background: var(--surface); text-align: start; line-height: 1.3; font-weight: 550; box-shadow: inset var(--edge); }
.choice { box-shadow: inset 0 0 0 1.5px var(--accent); color: var(--strong); }
.quiet { min-height: 35px; font-size: 14px; }

.card { width: 100%; padding: 14px 16px; border-radius: var(--round); background: var(--surface); box-shadow: var(--edge); }
.badge.closed { background: var(--sunken); color: var(--soft); }
.card p, .card a { margin-block-start: 6px; }
.countdown { width: fit-content; font-size: 15px; font-variant-numeric: tabular-nums; }
details, .list { margin-block-start: 11px; padding-block-start: 10px; border-block-start: 1px solid var(--line); font-size: 15px; }
summary, a, .link { min-height: 26px; color: var(--strong); font-weight: 550; cursor: pointer; }
a, .link { text-decoration: underline; }
a { display: block; width: fit-content; }
li { padding-block: 2px; }
code { padding: 0.8px 6px; border-radius: 7px; background: var(--sunken); }
code, .number { font-family: ui-monospace, monospace; }
.number { font-weight: 650; font-size: 22px; overflow-wrap: anywhere; }
.slip { padding-inline-start: 19px; border-inline-start: 3px dashed var(--accent); box-shadow: 0 0 0 1.5px var(--accent); }

.compose { padding: 10px 13px 0; box-shadow: var(--edge); }
.field { align-items: flex-end; gap: 3px; padding: 4px; border-radius: 20px; background: var(--sunken); box-shadow: inset var(--edge); }
.field:focus-within { box-shadow: inset 0 0 0 2px var(--accent); }
textarea { flex: 1; min-width: 0; min-height: 40px; max-height: 144px; padding: 8px 5px; resize: none; outline: 0 !important; }
::placeholder { color: var(--soft); opacity: 1; }
.send:hover { background: var(--strong); }
.pick, .tray { margin-block-end: 10px; }
.pick label { display: contents; font-size: 14px; }
.pick input, select { flex: 1; min-width: 112px; min-height: 38px; padding: 0 10px; box-shadow: inset var(--edge); }
@media (pointer: fine) { .photo { display: none; } }
.tile { position: relative; }
.going { opacity: .5; }
.failed canvas { outline: 2px solid var(--warn); }
.tile button { position: absolute; inset-block-start: -6px; inset-inline-end: -6px; width: 26px; height: 26px; background: var(--ink); color: var(--surface); font-size: 10px; }
.note { padding: 6px 16px max(8px, env(safe-area-inset-bottom)); text-align: center; }
@media (forced-colors: active) { .bubble, .card, .choice, .quiet, .panel, .field { border: 1px solid; } }
`;
