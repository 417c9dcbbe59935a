// How the pages look on which badges are awarded: the search for people, previews, progress, codes.

export const AWARD_STYLE = `@layer parts {
.person { position: relative }
.found-people { position: absolute; z-index: 1; inset-inline: 0; max-height: 18rem; margin: .25rem 0 0; padding: .25rem; overflow-y: auto; list-style: none; background: var(--sheet); border: 1px solid var(--edge); border-radius: 6px; box-shadow: 0 4px 12px light-dark(#3e2f0f26, #0008) }
.found-people [role="option"] { display: flex; flex-wrap: wrap; column-gap: .75rem; align-items: center; min-height: 2.75rem; max-width: none; padding: .375rem .75rem; border-radius: 4px; cursor: pointer }
.found-people [role="option"]:hover, .found-people [aria-selected="true"] { background: var(--paper); outline: 2px solid var(--blue); outline-offset: -2px }
.form .as-label { font-weight: 600 }
.previews { display: grid; gap: 1.5rem; margin-block-start: 1.5rem }
.previews > .sheet { min-width: 0; margin: 0 }
.letter { padding: 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); white-space: pre-wrap }
.small-award { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: start }
.small-award > div { flex: 1 1 12rem; min-width: 0 }
.thumb-art { width: 6rem; height: 6rem; object-fit: contain }
.doors .btn, .btn.fit { width: fit-content; max-width: 100% }
.inline-form { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem; margin-block-end: 1rem }
.inline-form > * + * { margin-block-start: 0 }
.inline-form .field { flex: 0 1 20rem; min-width: 0 }
.inline-form .btn { width: auto; margin: 0 }
.plain-form > * + * { margin-block-start: 1rem }
.plain-form .btn { width: auto }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); gap: 1rem }
progress { display: block; width: 100%; height: 1.25rem; margin-block: .5rem; accent-color: var(--blue) }
.outcome { font-weight: 600 }
.outcome.awarded { color: light-dark(#17663a, #82d39d) }
.outcome.held { color: light-dark(#835000, #f0ba6b) }
.outcome.refused { color: light-dark(#ab231c, #ffa097) }
.form.fix { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem .75rem; margin-block-start: .5rem }
.form.fix > * + * { margin-block-start: 0 }
.form.fix label { flex: 1 1 10rem; min-width: 0 }
.form.fix label.wrong input { border: 2px solid light-dark(#ab231c, #ffa097) }
.form.fix .btn { width: auto }
.word { align-items: center; column-gap: 1rem }
.word .press { margin: 0 }
.table thead th, .outcome { overflow-wrap: break-word }
.form.fix input { font-weight: 400 }
.code-sheet { text-align: center }
.code-sheet > * { margin-inline: auto }
.claim-code code { font-size: 1.75rem; letter-spacing: .08em }
@media print {
  .screen-only { display: none }
  .code-sheet .thumb-art { width: 40mm; height: 40mm }
  .code-sheet .qr { width: 80mm; height: auto }
  .claim-code code { font-size: 28pt }
}
@media (min-width: 60rem) { .previews { grid-template-columns: 1fr 1fr } }
}
`;
