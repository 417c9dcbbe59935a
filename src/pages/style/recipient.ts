// How a person's own pages look: what is next, the cards of what they hold, the badge's page for its owner.

export const RECIPIENT_STYLE = `@layer parts {
.me-head { display: flex; flex-wrap: wrap; gap: 1.5rem clamp(1.5rem, 5vw, 4rem); align-items: start; justify-content: space-between; padding-inline: 0 }
.me-head > div:first-child { flex: 1 1 22rem; min-width: 0 }
.me-head p + p { margin-block-start: .75rem }
.me-tools { flex: 0 1 18rem; display: grid; gap: .375rem }
.me-tools .btn + .btn { margin: 0 }
.me-tools .small + .btn { margin-block-start: .625rem }
.next-up { display: grid; gap: 1.25rem; padding: 0; list-style: none; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)) }
.next-up > li { max-width: none }
.soft + .next-up, .soft + .waiting { margin-block-start: 1rem }
.card.next { flex-direction: row; gap: 1.25rem; align-items: start; text-align: start }
.card.next .art { width: 6rem; margin: 0 }
.next-words { flex: 1; min-width: 0 }
.step { margin-block-start: .625rem }
.step p { max-width: none }
.step progress { display: block; width: 100%; height: .75rem; margin-block: .375rem; accent-color: var(--blue) }
.waiting-badge { display: flex; gap: 1rem; align-items: center }
.waiting .art { width: 4rem; margin: 0; flex: none }
.waiting .doors { margin: 0; flex: 0 1 auto }
.waiting + .press { margin-block-start: 1rem }
.me-none { margin-block: 1.5rem }
.me-filter { display: block; margin-block: 2.5rem 1.5rem }
.me-filter .form { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); align-items: end }
.me-filter .form > * { margin: 0 }
.me-filter .btn { width: auto }
.me-apply { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center }
.me-apply a { display: inline-flex; align-items: center; min-height: 2.75rem }
.me-filter + .band, .me-filter + .sheet { margin-block-start: 0 }
.me-help { border: 0; margin-block-start: .75rem }
.me-categories { display: flex; flex-wrap: wrap; gap: 2rem 1.25rem; margin-block-start: 1rem }
.me-category { flex: 0 1 auto; display: flex; flex-direction: column; max-width: 100% }
.me-category .cards { flex: 1; display: flex; flex-wrap: wrap }
.me-category .cards > li { width: 14.25rem; max-width: 100%; height: auto }
.me-category > h3 { margin-block-end: .75rem; color: var(--soft); font: 600 1rem/1.25 var(--sans) }
.card h4, .card.own h2 { margin: 0; font: 600 1.0625rem/1.25 var(--serif); overflow-wrap: anywhere }
.cards > li, .next-up > li { margin: 0 }
.card.own, .card.locked { padding: 1.25rem }
.card.own .art, .card.locked .art { width: 7.5rem }
.card-foot { position: relative; z-index: 1; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; justify-content: center; margin-block-start: auto; padding-block-start: .5rem }
.card-foot .state { min-height: 2.75rem }
.times { color: var(--ink) }
.clamped { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
.taking .art { width: 10.5rem }
.taking h2 { margin-block-end: .5rem }
.taking .btn { width: fit-content }
.taking div > .small { margin-block-start: .5rem }
.owner { border-block-end: 1px solid var(--line) }
.owner h2 { margin-block-end: .75rem }
.owner .doors { align-items: start }
.owner .form input, .owner .form textarea { font: .875rem/1.5 var(--mono) }
.owner details { max-width: 40rem }
.owner-more { display: grid; gap: 0 2rem; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)) }
.owner-more > [open] { grid-column: 1 / -1 }
.owner.pad { padding-block: clamp(1.25rem, 3vw, 2rem) }
.owner .form { padding-block-end: .5rem }
.owner .press .btn { width: auto }
@media (max-width: 30rem) {
  .me-tools { flex: 1 1 100%; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; max-width: none }
  .me-tools .btn { text-wrap: balance }
  .me-tools .small { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .me-tools .small + .btn { margin: 0 }
  .me-category .cards > li { width: calc((100vw - 2 * max(1rem, 4vw) - 1.25rem) / 2) }
  .card-foot .btn { padding-inline: .5rem; font-size: .9375rem }
}
}
@layer print { @media print { .owner { display: none } } }
`;
