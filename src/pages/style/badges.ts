// How the pages look where badges are made and their awards are managed.

export const BADGES_STYLE = `@layer parts {
.list-head { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 1rem 2rem }
.list-head .btn { flex: none }
.pad.table-sheet { padding: clamp(1rem, 3vw, 2rem) }
:where(.sheet + .sheet:not(.card, li), .sheet + search, search + .sheet, .fault + search, .filters + .fault) { margin-block-start: 1.5rem }
.form.filter-line { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: 1rem 1.5rem; align-items: end; padding: clamp(1rem, 3vw, 1.5rem) }
.filter-line > * + * { margin-block-start: 0 }
.filter-line .controls { align-items: center; column-gap: 1.25rem }
.filter-line .controls a { display: inline-flex; align-items: center; min-height: 2.75rem }
.filter-line .btn { width: auto }
.table-sheet .table { overflow-wrap: break-word }
.table-sheet .table td:empty::before { content: none }
.table-sheet .table tbody th { overflow-wrap: anywhere; hyphens: auto; min-width: 9rem }
.table a.named { display: inline-flex; align-items: center; gap: .75rem; min-height: 2.75rem }
.table .thumb { flex: none }
.table .row-link { display: inline-flex; align-items: center; min-height: 2.75rem }
.table .tick input { translate: 0 .25rem }
.table .choice.tick { display: inline-flex; align-items: center; min-width: 2.75rem; min-height: 2.75rem }
.back { padding-block: 1rem .25rem }
.back + .intro { padding-block-start: .25rem }
.back a { display: inline-flex; align-items: center; min-height: 2.75rem }
.badge-head { display: grid; gap: 1.5rem 2.5rem; margin-block-end: 1.5rem }
.badge-head .art { width: 8rem; margin-inline: 0 }
.badge-head h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.25rem) }
.badge-head h2 { margin-block-end: .25rem; font-size: 1.0625rem }
.badge-head .press + .controls { margin-block-start: 1rem }
.badge-head .controls + .controls { margin-block-start: .75rem }
.bulk { min-width: 0; margin: 0 0 1rem; padding: 0 0 1rem; border: 0; border-block-end: 1px solid var(--line) }
.bulk .btn { width: auto; background: none; font: inherit; cursor: pointer }
.bulk .choice { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem }
.bulk .choice[hidden] { display: none }
.bulk .choice input { width: 1.375rem; height: 1.375rem; margin: 0; accent-color: var(--blue) }
.bulk .soft { margin-block-end: .75rem }
.share { display: inline-flex; white-space: nowrap; align-items: center; gap: .5rem }
.share-bar { flex: none; max-width: 60%; fill: var(--blue) }
.share-bar .all { fill: var(--line) }
.editor > * + * { margin-block-start: 1.5rem }
.editor h2 { margin-block-end: 0 }
.saving { position: static }
.saving .btn { background: none; font: inherit; cursor: pointer }
.saving .btn.first { background: var(--blue); font-weight: 600 }
.form .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: 1.25rem 1.5rem }
.field > .small { margin-block: .125rem 0 }
.rule, .rule-row { min-width: 0; margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 1rem clamp(.875rem, 2.5vw, 1.5rem) 1.25rem }
.rule > legend { padding-inline: .375rem; font: 600 1.0625rem/1.25 var(--serif) }
.rule > * + * { margin-block-start: 1rem }
.rule-row { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; padding: 0; border: 0; border-radius: 0 }
.rule-row > * { flex: 1 1 7.25rem; min-width: 0 }
.rule-row > .field:first-of-type { flex: 2 1 11rem; max-width: 24rem }
.form .rule-row > .btn { flex: none }
.rule-row + .rule-row { padding-block-start: 1rem; border-block-start: 1px solid var(--line) }
.rule-row > * + * { margin-block-start: 0 }
.form .rule > .rule-row, .rule > .rule-row + *, #tiers > .rule-row { margin-block-start: 1rem }
.form > .choices + *, .form > * + :is(.choices, .rule), .art-choices > * + .choices { margin-block-start: 1.5rem }
#shape { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 100%), 1fr)); column-gap: .75rem }
#shape > :is(legend, p) { grid-column: 1 / -1 }
.form .rule-row .btn, .form .rule .btn, .form .add-line .btn, .folds .form .btn, .art-preview .btn { width: auto }
.folds .form > * + *, .folds .form > div:not(.field, .pair) > * + * { margin-block-start: 1.25rem }
.add-line { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), max-content)); gap: 1rem; align-items: end }
.fold { padding-inline: clamp(1.25rem, 3.5vw, 2.25rem) }
.fold:first-child { border-block-start: 0 }
.fold summary h2 { font-size: 1.0625rem }
.fold > .form { padding-block: .5rem 1.25rem }
.art-form { display: grid; gap: 2rem }
.art-choices > * + * { margin-block-start: 1.5rem }
.art-preview { text-align: center }
.art-preview > * + * { margin-block-start: 1rem }
.art-preview .art { width: 12rem }
.art-preview .btn { margin-inline: auto }
.art-preview p { margin-inline: auto; font-size: .9375rem }
.art-preview [role="status"] > p { margin-block-start: .5rem }
.icon-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 45%), 1fr)); column-gap: .75rem; font-size: .9375rem }
.icon-grid .choice { gap: .375rem }
.glyph { flex: none }
.form input[type="date"]:focus-within { outline: 3px solid var(--blue); outline-offset: 2px }
.note-line { border-inline-start: 4px solid var(--blue); padding-inline-start: 1rem }
@media (scripting: enabled) { [data-without-script] { display: none } }
@media (max-width: 60rem) {
  .table tr:has(.tick) { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; column-gap: .5rem }
  .table tr:has(.tick) > th { grid-column: auto }
  .table tr:has(.tick) > :nth-child(n + 3) { grid-column: 1 / -1 }
  .table td:has(.tick)::before { content: none }
  .table td:has(.tick) { min-width: 0 }
  .table .choice.tick { min-width: 2rem }
  .table .tick input { margin: 0; translate: none }
}
@media (min-width: 50rem) {
  .badge-head { grid-template-columns: auto minmax(0, 1fr) }
  .art-form { grid-template-columns: minmax(0, 1fr) 16rem }
  .art-preview { position: sticky; inset-block-start: 1rem; align-self: start }
}
}
`;
