// How the catalogue's search and cards look.

export const CATALOG_STYLE = `@layer parts {
.search { display: grid; gap: .75rem 1.25rem; align-items: end; margin-block: 1.5rem 2rem }
.search > * + * { margin-block-start: 0 }
.search .btn { width: auto; max-width: 100% }
@media (min-width: 30.01rem) { .cards.classes { grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)) } }
.cards.classes .card { gap: .25rem }
.cards.classes .art { width: 7.5rem }
.card .by { margin-block-start: auto; padding-block-start: .25rem }
.names { display: flex; flex-wrap: wrap; gap: 0 1.75rem; max-width: none; padding: 0; list-style: none }
.names a { display: inline-flex; align-items: center; min-height: 2.75rem }
.classes + .pager { margin-block-end: 2.5rem }
.names.after { margin-block-start: 1.25rem }
.issuer-head { display: grid; gap: 1rem 2rem; padding-block: clamp(1.5rem, 4vw, 2.75rem) 1.5rem }
.issuer-head .art { width: 7rem; margin: 0 }
.empty-state { text-align: center }
.empty-state p { margin: .5rem auto 0; text-wrap: balance }
.empty-state .btn { display: inline-flex; margin-block-start: 1.25rem }
@media (min-width: 44rem) {
  .search { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr) auto }
  .issuer-head.pictured { grid-template-columns: auto minmax(0, 1fr); align-items: center }
}
}
`;
