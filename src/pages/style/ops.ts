// How secrets, logs, samples of mails and the state of the site look.

export const OPS_STYLE = `@layer parts {
.secret { padding: 1rem; border: 2px solid var(--edge); font-size: 1.0625rem; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all }
.row-actions { display: flex; flex-wrap: wrap; gap: .5rem }
.row-actions .btn + .btn, .row-actions .press + .press { margin-block-start: 0 }
.row-actions .btn, a.btn { width: fit-content; max-width: 100% }
.intro .doors { margin-block-start: 1.25rem }
.many .choices { display: grid; gap: .25rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)) }
.many .choices > :is(legend, p), .all-first .choice:first-of-type { grid-column: 1 / -1 }
.table-sheet > h2 { margin-block-end: .75rem }
.table-sheet > :is(.press, .soft) { margin-block-start: 1rem }
.table-sheet td { min-width: 4.5rem }
.table-sheet td :is(bdi, code:not(.short), pre) { overflow-wrap: anywhere }
.detail { display: block; font-size: .9375rem }
.short { white-space: nowrap }
.filter-form { display: grid; gap: 0 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); align-items: end; margin-block-end: 1.5rem }
.filter-form > * + * { margin-block-start: 0 }
.filter-form .field { padding-block: .5rem }
.filter-form .row-actions { grid-column: 1 / -1; padding-block-start: .75rem }
.soft + .mail-sample, .row-actions + h2 { margin-block-start: 1rem }
.mail-sample { padding: clamp(1rem, 3vw, 1.5rem); border: 1px solid var(--line); border-radius: 6px; background: light-dark(#fff, #1b1e25) }
.mail-sample > * + * { margin-block-start: .75rem }
.mail-head { padding-block-end: .75rem; border-block-end: 1px solid var(--line) }
.mail-head dd { overflow-wrap: anywhere }
.form .row-actions .btn { width: auto; max-width: 100% }
.command { margin-block: .5rem 0 }
.health > li { max-width: none }
.health h2 { font-size: 1.125rem }
.health .state { justify-content: start }
.health .prose { margin-block-start: .25rem }
.wraps { white-space: pre-wrap; overflow-wrap: anywhere }
.table pre { max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere }
}
`;
