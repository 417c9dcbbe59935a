// The one stylesheet, kept as text so that every runtime can serve it, and the addresses of the assets.

import { AWARD_STYLE } from "./style/award.ts";
import { BADGES_STYLE } from "./style/badges.ts";
import { CATALOG_STYLE } from "./style/catalog.ts";
import { DESK_STYLE } from "./style/desk.ts";
import { OPS_STYLE } from "./style/ops.ts";
import { ORGANIZATION_STYLE } from "./style/organization.ts";
import { RECIPIENT_STYLE } from "./style/recipient.ts";

/** Warm paper, ink and one blue; the badge is the only colourful thing. */
const BASE = `@layer base, parts, print;

@layer base {
:root {
  color-scheme: light dark;
  --paper: light-dark(#f8f5ee, #13151a);
  --sheet: light-dark(#fffefb, #1b1e25);
  --ink: light-dark(#1c1e24, #ecebe6);
  --soft: light-dark(#595c64, #a9adb8);
  --line: light-dark(#ddd7ca, #353a45);
  --edge: light-dark(#837e74, #7b818d);
  --blue: light-dark(#1d4dbd, #92b4ff);
  --on-blue: light-dark(#fff, #12151b);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", P052, Georgia, serif;
  --sans: "Atkinson Hyperlegible Next", "Atkinson Hyperlegible", Seravek, "Gill Sans Nova", Ubuntu, Calibri, "Noto Sans", system-ui, sans-serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 var(--sans); overflow-wrap: anywhere }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0 }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.15; text-wrap: balance }
h1 { font-size: clamp(1.75rem, 1.3rem + 2.2vw, 2.875rem); letter-spacing: -.012em }
h2 { font-size: 1.3125rem }
h3 { font-size: 1.0625rem }
p, li { max-width: 65ch; text-wrap: pretty }
a { color: var(--blue); text-underline-offset: .18em; text-decoration-thickness: from-font }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; border-radius: 3px }
main:focus { outline: none }
code, pre { font: .875em/1.5 var(--mono) }
pre { padding: .875rem 1rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); overflow-wrap: normal }
img, svg { max-width: 100% }
}

@layer parts {
.wrap { max-width: 66rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem) }
.skip { position: absolute; inset-inline-start: 1rem; inset-block-start: -6rem; padding: .75rem 1rem; background: var(--sheet) }
.skip:focus { inset-block-start: .5rem }
.top .wrap { display: flex; padding-block: .5rem }
.brand { display: inline-flex; align-items: center; gap: .625rem; min-height: 2.75rem; color: inherit; font: 600 1.125rem/1.25 var(--serif); text-decoration: none }
.brand:hover { text-decoration: underline }
.mark { color: var(--blue); flex: none }
.mark .eye { fill: var(--paper) }
.bottom .wrap { display: flex; flex-wrap: wrap; column-gap: 1.75rem; padding-block: 1.25rem 2rem; font-size: .9375rem }
.bottom .wrap + .wrap { padding-block-start: 0 }
.bottom .wrap:not(:last-child) { padding-block-end: 0 }
.bottom span { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--soft) }
.bottom a { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--soft) }

.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; overflow: clip; box-shadow: 0 1px 2px light-dark(#3e2f0f14, #0000) }
.pad { padding: clamp(1.25rem, 4vw, 3rem) }
.stack > * + * { margin-block-start: 1rem }
.stack > :not(h1) + h2 { margin-block-start: 2rem }
.stack > h2 + * { margin-block-start: .75rem }
.plain-list > li + li { margin-block-start: .25rem }
.docs-index { columns: 20rem; column-gap: 2.5rem }
.docs-index > li { break-inside: avoid; padding-block-end: .75rem }
.docs-index a { display: flex; align-items: center; min-height: 2.75rem }
.roomy a { padding-block: .25rem }
.english-only { margin-block-end: 1rem }
.soft { color: var(--soft) }
.small { font-size: .9375rem }

.verdict { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .875rem; align-items: center; padding: .875rem clamp(1.25rem, 4vw, 3rem); background: var(--tint); border-block-end: 1px solid var(--tone) }
.verdict .sign, .verdict strong, .state { color: var(--tone) }
.verdict strong { font: 600 1.375rem/1.2 var(--serif) }
.verdict h1 { color: var(--tone); font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2.125rem) }
.verdict h1:focus, .fault:focus { outline: none }
.verdict .more { grid-column: 2; max-width: none; margin-block-start: .125rem }
.verdict .more > p + p { margin-block-start: .5rem }
.verdict .more strong { color: inherit; font: inherit; font-weight: 600 }
.valid { --tone: light-dark(#17663a, #82d39d); --tint: light-dark(#e6f3e9, #15301f) }
.expired { --tone: light-dark(#835000, #f0ba6b); --tint: light-dark(#fcf0da, #33260f) }
.revoked { --tone: light-dark(#ab231c, #ffa097); --tint: light-dark(#fbe7e4, #3a1815) }
.hidden { --tone: light-dark(#4a4e58, #b8bcc7); --tint: light-dark(#eeece6, #262a33) }

.award { display: grid; gap: 1.5rem clamp(1.5rem, 4vw, 3.5rem) }
.award > * { min-width: 0 }
.art { display: block; width: 10.5rem; height: auto; aspect-ratio: 1; object-fit: contain; margin-inline: auto }
.revoked ~ .award .art, .faded .art { filter: grayscale(1); opacity: .5 }
.kind { color: var(--soft); font-size: .9375rem; margin-block-end: .375rem }
.who { margin-block-start: 1rem; font-size: 1.125rem }
.who b { display: block; font: 600 1.5rem/1.25 var(--serif) }
.keep, .body { border-block-start: 1px solid var(--line); padding-block-start: 1.5rem }
.body > * + section { margin-block-start: 2.25rem }
.body h2, .keep h2 { margin-block-end: .75rem }
.body h3 { margin-block: 1.25rem .75rem }
.prose > * + * { margin-block-start: .75rem }
.stack > section + section { margin-block-start: 2rem }
.prose ul, .prose ol, .plain-list { padding-inline-start: 1.25rem }
.items { list-style: none; padding: 0 }
.items > li { max-width: none }
.items > li + li { margin-block-start: 1rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line) }
.items > li > * + * { margin-block-start: .25rem }
.cited > li { padding-inline-start: 1rem; border-inline-start: 3px solid var(--line) }
.cited > li + li { padding-block-start: 0; border-block-start: 0 }
.checks > li { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1rem; max-width: none }
.items.checks > li > .state { margin: 0; align-self: start }
.checks .small { grid-column: 1 / -1 }
.checks-part > h2 + .small { margin-block-end: 1rem }
dl.facts { display: grid; gap: .125rem 1.5rem; align-items: baseline }
.facts dt { color: var(--soft); font-size: .9375rem }
.facts dd { margin-block-end: .5rem; min-width: 0 }
.tags { display: flex; flex-wrap: wrap; gap: .375rem; padding: 0; list-style: none }
.tags li { padding: .125rem .625rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .9375rem }
.btn { display: flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--edge); border-radius: 6px; color: inherit; text-align: center; text-decoration: none }
.btn:hover { border-color: var(--blue); text-decoration: underline }
.btn.first { background: var(--blue); border-color: var(--blue); color: var(--on-blue); font-weight: 600 }
.btn + .btn { margin-block-start: .5rem }
details { border-block-start: 1px solid var(--line) }
details[open] { padding-block-end: .75rem }
summary { display: flex; align-items: baseline; min-height: 2.75rem; padding-block: .5rem; cursor: pointer; color: var(--blue) }
summary::before { content: "+"; flex: 0 0 1.25rem; font-family: var(--mono) }
[open] > summary::before { content: "\\2212" }
.qr { display: block; width: 14.5rem; height: auto; border-radius: 4px }
.paper-only { display: none }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 1.25rem; list-style: none; padding: 0 }
.card { position: relative; display: flex; flex-direction: column; gap: .375rem; height: 100%; padding: 1.5rem; text-align: center }
.card .art { width: 9rem; margin-block-end: .5rem }
.card a::after { content: ""; position: absolute; inset: 0 }
.state { display: inline-flex; align-items: center; justify-content: center; gap: .375rem; font-weight: 600 }
.state .sign { width: 1.25rem; height: 1.25rem }
.steps > li + li { margin-block-start: 1.25rem }
.steps pre { margin-block-start: .5rem }
.intro { padding-block: clamp(1.5rem, 5vw, 3.5rem) clamp(1.5rem, 4vw, 2.5rem) }
.lead { font-size: 1.1875rem }
h1 + .lead, .lead + .lead { margin-block-start: 1rem }
.intro > .lead + h1, .intro > h1 + p:not(.lead) { margin-block-start: .5rem }
.band + .band { margin-block-start: 2.5rem }
.band > h2 { margin-block-end: 1rem }

.bare { background: none }
.bare:has(.on-paper) { background: var(--paper) }
.on-paper { padding-block: 1rem 2rem }
.on-paper > * + .sheet { margin-block-start: 1rem }
.on-paper .award { max-width: 48rem; margin-inline: auto }
.on-paper .award > .body { grid-column: 1 / -1 }
.on-paper .award > .paper-only { display: grid; grid-column: 1 / -1; gap: 1.5rem; align-items: center }
.tile { display: flex; flex-wrap: wrap; gap: .75rem; place-content: center start; align-items: center; padding: .75rem; min-height: 100vh; background: var(--sheet) }
.tile .art { width: 5.5rem; margin: 0 }
.tile > div { flex: 1 1 8rem; min-width: 0; font-size: .9375rem; line-height: 1.35 }
.tile h1 { font-size: 1.0625rem }
.tile .state { font-size: 1rem }

.pad.form, .pad.result-part { padding: clamp(1.25rem, 3.5vw, 2.25rem) }
.form > * + *, .form + .small { margin-block-start: 1.25rem }
.form label { display: block; font-weight: 600 }
.form input, .form textarea, .form select { display: block; width: 100%; min-height: 2.75rem; margin-block-start: .375rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 6px; background: var(--paper); color: inherit; font: inherit }
.form textarea { resize: vertical }
.form .btn { width: 100%; max-width: 20rem; background: none; font: inherit; cursor: pointer }
.form .btn.first { background: var(--blue); font-weight: 600 }
.form [hidden] { display: none }
.form output { display: block; color: var(--tone); font-weight: 600 }
.form output:empty { margin: 0 }
.fault { margin-block-end: 1.5rem; border-color: light-dark(#ab231c, #ffa097) }
.result-part { margin-block-start: 1.5rem }
.result-part > h2 { margin-block-end: .75rem }
.result-part + section.result-part:not(.sheet) { margin-block-start: 2.5rem }
.result-part > h3 { margin-block: 1.5rem .75rem }
.result-part > .items + details { margin-block-start: 1rem }
.checks details { grid-column: 1 / -1; border: 0 }
.items.checks > li:has(details) + li { margin-block-start: .25rem }
.prose + .items, .prose + p { margin-block-start: .75rem }
.award h2.name { margin: 0; font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.25rem) }
.art.none { border: 2px dashed var(--line); border-radius: 50% }

.narrow { max-width: 34rem }
.note { border-inline-start: 4px solid var(--blue); margin-block-end: 1.5rem }
.pad.narrow, .narrow > .pad { padding: clamp(1.25rem, 3.5vw, 2.25rem) }
.pad.note { padding-block: 1rem; padding-inline-start: calc(clamp(1.25rem, 3.5vw, 2.25rem) - 3px) }
.doors { display: flex; flex-wrap: wrap; gap: .5rem; margin-block-start: .75rem }
.doors .btn + .btn { margin-block-start: 0 }
.pad.items { padding: clamp(1.25rem, 3.5vw, 2.25rem) }
.form > input[type="hidden"] + * { margin-block-start: 0 }
.other-way, .again { margin-block-start: 1.5rem; max-width: 20rem }
.again .btn { width: 100%; background: none; font: inherit; cursor: pointer; margin-block-start: .5rem }
.form input.code { max-width: 12rem; font: 1.375rem/1.4 var(--mono); letter-spacing: .15em }
.items.entries > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; max-width: none }
.entries > li > div { flex: 1 1 16rem; min-width: 0 }
.items.entries > li > form { margin: 0 }
.entries .btn { background: none; font: inherit; cursor: pointer }
.entries h2 { font-size: 1.125rem }

.top .account { display: flex; flex-wrap: wrap; align-items: center; justify-content: end; gap: .25rem 1rem; margin-inline-start: auto; font-size: .9375rem }
.account span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; text-align: end }
.account .btn { min-height: 2.75rem; background: none; font: inherit; cursor: pointer }
.places { border-block: 1px solid var(--line); background: var(--sheet) }
.places .wrap { display: flex; flex-wrap: wrap; column-gap: 1.5rem }
.places a { display: inline-flex; align-items: center; min-height: 2.75rem; color: inherit; text-decoration: none }
.places a:hover { text-decoration: underline }
.places [aria-current], .filters [aria-current] { font-weight: 600; box-shadow: inset 0 -3px var(--blue) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.done { padding: .875rem clamp(1.25rem, 3.5vw, 2.25rem); margin-block-end: 1.5rem }
.shelf { display: grid; gap: 1.25rem; padding: 0; list-style: none }
.brand:not(:only-child) { flex: none }
.shelf > li { max-width: none; padding: clamp(1.25rem, 3.5vw, 2.25rem) }
.shelf > li + li { margin-block-start: 0 }
.shelf > li > * + * { margin-block-start: .5rem }
.shelf-head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1.5rem }
.shelf .btn, .row-end .btn, .controls .btn, .press .btn { width: auto; max-width: 100%; background: none; font: inherit; cursor: pointer }
.press .btn.first { background: var(--blue); font-weight: 600 }
.shelf > li > .btn { width: fit-content; margin-block-start: 1rem }
.form.connect .btn { width: fit-content; max-width: 100% }
.form .choice { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; font-weight: 400 }
.form > .choice + .choice { margin-block-start: .25rem }
.form .choice input { flex: none; width: 1.375rem; min-height: 0; height: 1.375rem; margin: 0; accent-color: var(--blue) }
.apart { margin-block-start: 1.5rem; padding-block-start: 1.25rem; border-block-start: 1px solid var(--line) }
.connect .plain-list { margin-block: .25rem .5rem }
.form .scopes { min-width: 0; margin: 0; padding: 0; border: 0 }
.scopes legend { padding: 0; font: 600 1.3125rem/1.25 var(--serif) }
.scopes > div { margin-block-start: .75rem }
.scopes .small { margin-inline-start: 2.125rem }
.controls { display: flex; flex-wrap: wrap; gap: .75rem }
.sheet:not(.pad) > .controls, .sheet > .regrant { padding-block: 1.25rem }
[data-live] > .sheet:not(.pad) > * { padding-inline: clamp(1.25rem, 3.5vw, 2.25rem) }
.result-part > p + .rows, h2 + .rows, .facts + .items, p + .press, p + details, .rows + p, .rows + .press, .checks + p, .items + p + .press { margin-block-start: 1rem }
.controls .btn + .btn, .press + .press { margin-block-start: 0 }
.filters { display: flex; flex-wrap: wrap; column-gap: 1.25rem; margin-block-end: 1rem; border-block-end: 1px solid var(--line) }
.filters a { display: inline-flex; align-items: center; min-height: 2.75rem }
.rows > li { display: grid; grid-template-columns: 3rem minmax(0, 1fr); column-gap: 1rem; max-width: none }
.rows.plain > li { grid-template-columns: minmax(0, 1fr) }
.rows > li > * + * { margin-block-start: 0 }
.rows h3 { margin: 0 0 .125rem; font-size: 1.125rem }
.thumb { width: 3rem; height: 3rem; object-fit: contain }
.row-end { grid-column: -2; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem; padding-block-start: .5rem }
.row-end .state { text-align: start }
.row-end a { display: inline-flex; align-items: center; min-height: 2.75rem }
.log > li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; max-width: none }
.items.log > li + li { margin-block-start: .5rem; padding-block-start: .5rem }
.log > li > * + * { margin: 0 }

@media (min-width: 50rem) {
  .award { grid-template-columns: 16rem minmax(0, 1fr); align-items: start }
  .art { width: 16rem }
  .award > .head { align-self: center }
  .award > .keep { position: sticky; inset-block-start: 1rem }
  .award > .body { grid-column: 2 }
  .on-paper .award > .paper-only { grid-row: 2; grid-template-columns: 8rem minmax(0, 1fr) }
  .on-paper .award > .body { grid-row: 3 }
  dl.facts { grid-template-columns: 9rem minmax(0, 1fr) }
  .rows > li { grid-template-columns: 3rem minmax(0, 1fr) minmax(9rem, auto) }
  .rows.plain > li { grid-template-columns: minmax(0, 1fr) minmax(9rem, auto) }
  .row-end { grid-column: -2 / -1; flex-direction: column; align-items: end; align-self: start; justify-content: start; max-width: 14rem; padding: 0 }
}
@media (max-width: 30rem) {
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)) }
  .cards .sheet.card { padding: 1rem .625rem }
  .cards .sheet.card .art { width: 6rem }
}
@media (forced-colors: active) { .verdict, .btn { border: 2px solid } }
}

@layer print {
@media print {
  @page { size: A4; margin: 18mm }
  :root { color-scheme: light; font-size: 9.5pt }
  body, .sheet { background: none }
  .top, .bottom, .skip, .verdict:not(.revoked), .keep, .checks-part, summary { display: none }
  .wrap, .pad { padding: 0; max-width: none }
  .sheet { border: 0; box-shadow: none }
  .award { grid-template-columns: 52mm minmax(0, 1fr); gap: 8mm 10mm }
  .award .art { width: 52mm }
  .award > .body { grid-column: 1 / -1; grid-row: 3 }
  .award > .paper-only { display: grid; grid-area: 2 / 1 / auto / -1; grid-template-columns: 34mm minmax(0, 1fr); gap: 6mm; align-items: center; break-inside: avoid }
  .verdict.revoked { padding-inline: 0; margin-block-end: 8mm }
  .paper-only .qr { width: 34mm }
  section, li { break-inside: avoid }
  a { color: inherit }
}
}
`;

/** What all pages share, then each area's own; the layers are declared first, so their order here says nothing. */
export const STYLESHEET = [
  BASE,
  AWARD_STYLE,
  BADGES_STYLE,
  CATALOG_STYLE,
  DESK_STYLE,
  ORGANIZATION_STYLE,
  RECIPIENT_STYLE,
  OPS_STYLE,
].join("\n");

/** FNV-1a in 32 bits, hex: tells one version of an asset from another. */
export function contentHash(content: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(content)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Changes with the content, so it may be kept for ever. */
export const STYLESHEET_PATH = `/assets/app.${contentHash(STYLESHEET)}.css`;
export const ICON_PATH = "/assets/icon.svg";
