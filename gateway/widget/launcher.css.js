// The launcher's look, and the palette that everything takes its colours from. What a page sets as --aftercare-… counts.

export const STYLE_LAUNCHER = `
:host {
  all: initial;
  color-scheme: inherit;
  --accent: var(--aftercare-accent, light-dark(#0b6355, #5cc9b3));
  --on-accent: var(--aftercare-on-accent, light-dark(#fff, #04231d));
  --surface: var(--aftercare-surface, light-dark(#fff, #18211f));
  --sunken: var(--aftercare-ground, light-dark(#f3f6f5, #111917));
  --ink: var(--aftercare-ink, light-dark(#16211f, #e7efec));
  --soft: color-mix(in srgb, var(--ink) 72%, var(--surface));
  --line: color-mix(in srgb, var(--ink) 16%, var(--surface));
  --strong: color-mix(in srgb, var(--accent) 78%, var(--ink));
  --tint: color-mix(in srgb, var(--accent) 13%, var(--surface));
  --warn: light-dark(#86440a, #f3bf83);
  --warn-tint: color-mix(in srgb, var(--warn) 12%, var(--surface));
  --round: var(--aftercare-radius, 18px);
  --edge: 0 0 0 1px var(--line);
  --shadow: 0 2px 6px rgb(8 24 20 / 10%), 0 12px 40px rgb(8 24 20 / 20%);
  color: var(--ink);
  font: 400 16px/1.5 var(--aftercare-font, system-ui, sans-serif);
  text-align: start;
}
:host([scheme=auto]) { color-scheme: light dark; }
:host([scheme=light]) { color-scheme: light; }
:host([scheme=dark]) { color-scheme: dark; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: inherit; color: inherit; cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.launcher, .panel {
  position: fixed;
  z-index: var(--aftercare-layer, 2147483000);
  inset-block-end: var(--aftercare-bottom, 20px);
  inset-inline-end: var(--aftercare-side, 20px);
  box-shadow: var(--edge), var(--shadow);
}
.launcher {
  display: flex; align-items: center; gap: 11px;
  height: 56px; padding: 0 22px 0 18px;
  border-radius: 99px;
  background: var(--accent); color: var(--on-accent);
  font-weight: 600;
}
.launcher:hover { background: var(--strong); }
.launcher[aria-expanded=true] { visibility: hidden; }
.launcher::before { content: "···"; width: 27px; border: 2.5px solid; border-radius: 9px; border-end-start-radius: 2px; font-weight: 900; line-height: 18px; text-align: center; }
b:empty { display: none; }
b {
  position: absolute; inset-block-start: -6px; inset-inline-end: -2px;
  min-width: 26px; padding: 0 6px; border-radius: 99px;
  background: #b3240e; color: #fff; font-size: 14px; line-height: 26px; text-align: center;
  box-shadow: 0 0 0 2px var(--surface);
}
@media (max-width: 512px) { .launcher { padding: 0 16px; } .launcher span { display: none; } }
@media (prefers-reduced-motion) { * { animation: none !important; scroll-behavior: auto !important; } }
`;
