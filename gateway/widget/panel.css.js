// The panel's look. On a wide screen a sheet above the page's corner, on a phone the whole screen.

export const PANEL = `
h2, h3, p, ul { margin: 0; padding: 0; font: inherit; }
h2, h3, strong { font-weight: 650; line-height: 1.3; }
ul { list-style: none; }
input, textarea, select { font: inherit; color: inherit; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel {
  position: fixed; inset: auto; margin: 0; padding: 0; border: 0;
  z-index: var(--aftercare-layer, 2147483000);
  inset-block-end: var(--aftercare-bottom, 1.25rem); inset-inline-end: var(--aftercare-side, 1.25rem);
  width: min(26rem, 100vw - 2.5rem); height: min(46rem, 100dvh - 2.5rem);
  max-width: none; max-height: none;
  background: var(--sunken); color: var(--ink);
  border-radius: calc(var(--round) + 6px);
  box-shadow: 0 0 0 1px var(--line), var(--shadow);
  overflow: hidden;
}
.panel[open], section.panel { display: flex; flex-direction: column; animation: rise .24s cubic-bezier(.2, .8, .3, 1); }
section.panel { position: static; width: 100%; height: 100%; animation: none; }
:host([page]) { display: block; min-height: 0; }
@media (max-width: 32rem), (max-height: 26rem) {
  .panel { inset: 0; width: 100%; height: var(--seen, 100dvh); border-radius: 0; box-shadow: none; }
  section.panel { height: min(var(--seen, 100%), 100%); }
}
header { position: relative; display: flex; align-items: center; gap: .75rem; padding: .8rem .7rem .8rem 1rem; padding-block-start: max(.8rem, env(safe-area-inset-top)); background: var(--surface); border-block-end: 1px solid var(--line); }
.mark { display: grid; place-items: center; flex: none; width: 2.6rem; height: 2.6rem; border-radius: 13px; background: var(--accent); color: var(--on-accent); font-weight: 700; font-size: 1.2rem; }
.who { flex: 1; min-width: 0; }
.who h2 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 1.05rem; }
.who p { color: var(--soft); font-size: .85rem; line-height: 1.35; }
.tag { padding: 0 .45em; border-radius: 99px; background: var(--tint); color: var(--strong); font-weight: 600; font-size: .78rem; }
.icon { display: grid; place-items: center; flex: none; width: 2.5rem; height: 2.5rem; border-radius: 12px; color: var(--soft); }
.icon:hover { background: var(--tint); color: var(--strong); }
.menu { position: absolute; z-index: 2; inset-block-start: calc(100% - .4rem); inset-inline-end: .9rem; display: grid; min-width: 15rem; padding: .4rem; border-radius: 14px; background: var(--surface); box-shadow: 0 0 0 1px var(--line), var(--shadow); animation: rise .16s; }
.menu > * { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 2.6rem; padding: 0 .75rem; border-radius: 10px; }
.menu button:hover { background: var(--tint); }
select { padding: .3rem .5rem; border: 1px solid var(--line); border-radius: 9px; background: var(--sunken); }
.banner { padding: .45rem 1rem; background: var(--warn-tint); color: var(--warn); font-size: .875rem; text-align: center; }

.log { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1.1rem 1rem 1.3rem; scroll-behavior: smooth; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -4px; }
.turn { display: flex; flex-direction: column; align-items: flex-start; gap: .5rem; margin-block-start: .5rem; animation: rise .22s; }
.turn:first-child { margin: 0; }
.customer { align-items: flex-end; margin-block-start: 1rem; }
.customer + :not(.customer) { margin-block-start: 1rem; }
.bubble { max-width: 88%; padding: .6rem .9rem; border-radius: var(--round); border-end-start-radius: 5px; background: var(--surface); box-shadow: 0 1px 2px rgb(8 24 20 / 9%), 0 0 0 1px rgb(8 24 20 / 4%); }
.customer .bubble { border-radius: var(--round); border-end-end-radius: 5px; background: var(--accent); color: var(--on-accent); }
.agent .bubble { background: var(--tint); }
.name { margin-block-end: -.3rem; color: var(--strong); font-size: .85rem; font-weight: 600; }
.said { white-space: pre-line; overflow-wrap: anywhere; text-wrap: pretty; }
.trouble .bubble { background: var(--warn-tint); color: var(--warn); }
.remark { margin: 1.2rem auto 0; max-width: 26rem; text-align: center; color: var(--soft); font-size: .85rem; }
.state { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: .4rem .7rem; margin-block-start: -.3rem; color: var(--soft); font-size: .8rem; text-align: end; }
.failure { color: var(--warn); }
.seen { display: flex; flex-wrap: wrap; gap: .35rem; margin: .15rem -.4rem; }
canvas { display: block; width: 4.6rem; height: 4.6rem; border-radius: 12px; background: var(--tint); }
.typing .bubble { display: flex; gap: .3rem; padding: .9rem 1rem; }
.typing i { width: .45rem; height: .45rem; border-radius: 50%; background: var(--soft); animation: breathe 1.2s infinite; }
.typing i:nth-child(2) { animation-delay: .15s; }
.typing i:nth-child(3) { animation-delay: .3s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .25; } 30% { opacity: .9; } }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }

.choices { display: flex; flex-wrap: wrap; gap: .45rem; max-width: 100%; }
.stacked { flex-direction: column; }
.choice, .quiet { min-height: 2.6rem; padding: .4rem .95rem; border-radius: 14px; background: var(--surface); text-align: start; line-height: 1.3; font-weight: 550; transition: background .15s; }
.choice { box-shadow: inset 0 0 0 1.5px var(--accent); color: var(--strong); }
.choice:hover, .quiet:hover { background: var(--tint); color: var(--strong); }
.choice:active { transform: translateY(1px); }
.quiet { min-height: 2.2rem; padding: .3rem .75rem; box-shadow: inset 0 0 0 1px var(--line); font-size: .9rem; }

.card { width: 100%; padding: .9rem 1rem; border-radius: var(--round); background: var(--surface); box-shadow: 0 0 0 1px var(--line), 0 4px 14px rgb(8 24 20 / 6%); }
.row { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; justify-content: space-between; }
.label { color: var(--soft); font-size: .85rem; }
.card h3 { font-size: 1.08rem; }
.badge { padding: .1rem .65rem; border-radius: 99px; font-size: .82rem; font-weight: 650; background: var(--warn-tint); color: var(--warn); }
.badge.open { background: var(--tint); color: var(--strong); }
.badge.closed { background: var(--sunken); color: var(--soft); box-shadow: inset 0 0 0 1px var(--line); }
.fact { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 .8rem; margin-block-start: .45rem; }
.countdown { display: flex; align-items: center; gap: .5rem; width: fit-content; margin-block-start: .6rem; padding: .3rem .75rem .3rem .5rem; border-radius: 99px; background: var(--tint); color: var(--strong); font-weight: 600; font-size: .92rem; font-variant-numeric: tabular-nums; }
.countdown.soon { background: var(--warn-tint); color: var(--warn); }
details, .list { margin-block-start: .7rem; padding-block-start: .6rem; border-block-start: 1px solid var(--line); font-size: .92rem; }
summary { min-height: 1.6rem; color: var(--strong); font-weight: 550; cursor: pointer; }
li { padding-block: .15rem; }
code { margin-inline-start: .3rem; padding: .05rem .4rem; border-radius: 7px; background: var(--sunken); box-shadow: inset 0 0 0 1px var(--line); font: .8rem/1.4 ui-monospace, Menlo, "DejaVu Sans Mono", monospace; }
.slip { padding-inline-start: 1.9rem; box-shadow: 0 0 0 1.5px var(--accent), 0 4px 14px rgb(8 24 20 / 8%); background: linear-gradient(var(--surface), var(--surface)) content-box, var(--surface); position: relative; }
.slip::before { content: ""; position: absolute; inset-block: .8rem; inset-inline-start: .85rem; border-inline-start: 2px dashed var(--accent); opacity: .5; }
.number { font: 650 clamp(1.2rem, 5.5vw, 1.5rem)/1.3 ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace; overflow-wrap: anywhere; }
.paper { display: block; width: fit-content; margin-block-start: .45rem; padding-block: .2rem; color: var(--strong); font-weight: 550; text-underline-offset: .2em; }

.compose { padding: .6rem .8rem 0; background: var(--surface); border-block-start: 1px solid var(--line); }
.field { display: flex; align-items: flex-end; gap: .2rem; padding: .25rem; border-radius: 20px; background: var(--sunken); box-shadow: inset 0 0 0 1.5px var(--line); }
.field:focus-within { box-shadow: inset 0 0 0 2px var(--accent); }
textarea { flex: 1; min-width: 0; min-height: 2.5rem; max-height: 9rem; padding: .5rem .3rem; border: 0; background: none; line-height: 1.5; resize: none; outline: 0 !important; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 2.5rem; height: 2.5rem; border-radius: 16px; background: var(--accent); color: var(--on-accent); }
.send:hover { background: var(--strong); }
.pick { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-block-end: .6rem; }
.pick label { display: flex; flex: 1; flex-wrap: wrap; align-items: center; gap: .2rem .6rem; font-size: .9rem; color: var(--soft); }
.pick input { flex: 1; min-height: 2.5rem; padding: .2rem .7rem; border: 1.5px solid var(--line); border-radius: 14px; background: var(--sunken); color: var(--ink); }
.pick .quiet { display: flex; align-items: center; gap: .5rem; min-height: 2.5rem; }
@media (pointer: fine) { .photo.photo { display: none; } }
.tray { display: flex; flex-wrap: wrap; gap: .5rem; padding: .2rem .1rem .6rem; }
.tile { position: relative; }
.tile.going canvas { opacity: .45; }
.tile.failed canvas { box-shadow: 0 0 0 2px var(--warn); }
.tile button { position: absolute; inset-block-start: -.4rem; inset-inline-end: -.4rem; display: grid; place-items: center; width: 1.6rem; height: 1.6rem; border-radius: 50%; background: var(--ink); color: var(--surface); font-size: .6rem; }
.note { padding: .35rem 1rem max(.55rem, env(safe-area-inset-bottom)); background: var(--surface); color: var(--soft); font-size: .8rem; text-align: center; }
.link { min-height: 1.6rem; color: var(--strong); font-weight: 600; text-decoration: underline; text-underline-offset: .2em; }
.ask { max-width: min(23rem, 100vw - 2rem); padding: 1.3rem; border: 0; border-radius: 20px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow); }
.ask::backdrop { background: rgb(6 16 14 / 45%); }
.ask h2 { font-size: 1.08rem; margin-block-end: .35rem; }
.ask .row { margin-block-start: 1rem; }
@media (forced-colors: active) { .bubble, .card, .choice, .quiet, .panel, .field, .launcher { border: 1px solid; } }
`;
