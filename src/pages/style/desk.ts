// How navigation, forms and tables of people who work here look.

/** Each row a block, every cell under its column's name: where its columns have no room beside one another. */
function asBlocks(table: string): string {
  return `
  ${table}, ${table} :is(tbody, tr, th, td) { display: block }
  ${table} thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  ${table} :is(th, td) { padding-block: .125rem; padding-inline: 0; border: 0 }
  ${table} td::before { content: attr(data-name) ": "; color: var(--soft) }
  ${table} .numeric { text-align: start }
  ${table} tr { padding-block: .75rem; border-block-end: 1px solid var(--line) }
`;
}

const MANY_COLUMNS = ".table:where(:has(th:nth-child(6)))";

export const DESK_STYLE = `@layer parts {
.menu { border-block-start: 0 }
.menu[open] { padding-block-end: 0 }
.menu > summary { border-block: 1px solid var(--line); background: var(--sheet); color: inherit; font-weight: 600 }
.menu > summary::before { display: none }
.menu > summary > .wrap { flex: 1; display: flex; align-items: center; justify-content: space-between }
.menu > summary > .wrap::after { content: ""; width: .5rem; height: .5rem; margin-inline: 1rem .25rem; border: solid currentColor; border-width: 0 2px 2px 0; rotate: 45deg; translate: 0 -.125rem }
.menu[open] > summary > .wrap::after { rotate: 225deg; translate: 0 .125rem }
.sections { background: none; border-block-end: 0 }
.sections .wrap { align-items: end }
.sections .of { margin-inline-start: auto; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; font-size: .9375rem }
.sections + .places .wrap { column-gap: 1.125rem; font-size: .9375rem }
.sections span.of { align-self: center }
.sections form.of { padding-block: .375rem }
.sections .of select { min-height: 2.75rem; max-width: 16rem; padding: .25rem .5rem; border: 1px solid var(--edge); border-radius: 6px; background: var(--paper); color: inherit; font: inherit }
.sections .of .btn { width: auto; min-height: 2.75rem; background: none; font: inherit; cursor: pointer }
.pad > h2 + .form, .result-part > .shelf-head + p { margin-block-start: .75rem }
.form > :not(input[type="hidden"]) ~ input[type="hidden"] + * { margin-block-start: 1.25rem }
.sheet + :is(.doors, .press) { margin-block-start: 1.5rem }
p.sheet { max-width: none }
.controls .btn.first { background: var(--blue); font-weight: 600 }
.fault h2 + :is(ul, p) { margin-block-start: .5rem }
.sheet.fault > .pad { padding-block: clamp(1rem, 3vw, 1.75rem) }
.field-fault { color: light-dark(#ab231c, #ffa097); font-weight: 600 }
.field-fault > span + span { margin-inline-start: .5em }
.form .field.wrong > :is(input, textarea, select) { border-color: light-dark(#ab231c, #ffa097); border-width: 2px }
.choices { min-width: 0; margin: 0; padding: 0; border: 0 }
.choices legend { padding: 0; font-weight: 600 }
.choice-help { display: block; font-weight: 400 }
.form .choice:has(.choice-help) { align-items: start; padding-block: .5rem }
.form .choice:has(.choice-help) input { margin-block-start: .125rem }
.form input[type="file"] { padding: .4375rem }
.form input::file-selector-button { min-height: 1.75rem; margin-inline-end: .75rem; padding: .125rem .75rem; border: 1px solid var(--edge); border-radius: 4px; background: var(--sheet); color: inherit; font: inherit; font-size: .9375rem; cursor: pointer }
.form input[type="color"] { width: 5rem; padding: .25rem }
.form input:is([type="number"], [type="date"]) { max-width: 14rem }
.table { width: 100%; border-collapse: collapse; text-align: start }
.table :is(th, td) { padding-block: .625rem; padding-inline: 0 .75rem; border-block-end: 1px solid var(--line); text-align: start; vertical-align: baseline; font-weight: 400 }
.table thead th { color: var(--soft); font-size: .9375rem }
.table tbody th { font-weight: 600 }
.table tr:has(.thumb) > :is(th, td) { vertical-align: middle }
.table .numeric:not(:last-child) { padding-inline-end: 1.75rem }
.table details { border: 0 }
.table .numeric { text-align: end; font-variant-numeric: tabular-nums }
.table .btn { width: fit-content; max-width: 100%; background: none; font: inherit; cursor: pointer }
.table input[type="checkbox"] { width: 1.375rem; height: 1.375rem; accent-color: var(--blue) }
.pager { display: flex; flex-wrap: wrap; gap: .75rem; margin-block-start: 1.25rem }
.pager .btn { width: auto }
.pager .btn + .btn { margin-block-start: 0 }
@media (min-width: 30rem) {
  .form .btn { width: fit-content }
}
@media (min-width: 68rem) {
  .table .btn, .table .brief { white-space: nowrap }
  .table:not(:has(th:nth-child(8))) td:has(> time:only-child, > a > time:only-child) { min-width: 10rem }
  .table td:has(> .detail) { min-width: 13rem }
}
@media (max-width: 49.99rem) {
  .menu .places .wrap { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(8.5rem, 100%), 1fr)); padding-block: .25rem }
  .menu .sections { background: var(--sheet); border-block-start: 0 }
  .menu .sections + .places { border-block-start: 1px solid var(--line) }
  .menu summary + .places { border-block-start: 0 }
  .menu .sections .of { grid-column: 1 / -1; margin-inline-start: 0; padding-block: .25rem .5rem }
  .menu .sections .of label { flex: 1; min-width: 0; max-width: 16rem }
  .menu .sections .of select { width: 100% }
  .menu .places [aria-current] { box-shadow: none; text-decoration: underline 3px var(--blue); text-underline-offset: .3em }
}
@media (min-width: 50rem) {
  @supports selector(::details-content) {
    .menu > summary { display: none }
    .menu::details-content { display: block; content-visibility: visible }
  }
}
@media (max-width: 44rem) {${asBlocks(".table")}}
@media (max-width: 60rem) {${asBlocks(MANY_COLUMNS)}
  ${MANY_COLUMNS} tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); column-gap: 1.5rem }
  ${MANY_COLUMNS} tr > th { grid-column: 1 / -1 }
}
}
`;
