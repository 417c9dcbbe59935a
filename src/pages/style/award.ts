// How the pages look on which badges are awarded: the search for people, previews, progress, codes.

export const AWARD_STYLE = `@layer parts {
.person { position: relative }
.found-people { position: absolute; z-index: 1; inset-inline: 0; max-height: 18rem; margin: .25rem 0 0; padding: .25rem; overflow-y: auto; list-style: none; background: var(--sheet); border: 1px solid var(--edge); border-radius: 6px; box-shadow: 0 4px 12px light-dark(#3e2f0f26, #0008) }
.found-people [role="option"] { display: flex; flex-wrap: wrap; column-gap: .75rem; align-items: center; min-height: 2.75rem; max-width: none; padding: .375rem .75rem; border-radius: 4px; cursor: pointer }
.found-people [role="option"]:hover, .found-people [aria-selected="true"] { background: var(--paper); outline: 2px solid var(--blue); outline-offset: -2px }
.form .as-label { font-weight: 600 }
.previews { display: grid; gap: 1.5rem; margin-block-start: 1.5rem }
.previews > * { min-width: 0 }
.letter { padding: 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); white-space: pre-wrap }
.small-award { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: start }
.small-award > div { flex: 1 1 12rem; min-width: 0 }
.thumb-art { width: 6rem; height: 6rem; object-fit: contain }
.doors .btn { width: auto }
@media (min-width: 60rem) { .previews { grid-template-columns: 1fr 1fr } }
}
`;
