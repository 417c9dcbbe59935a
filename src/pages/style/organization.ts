// How the pages look on which an organization is looked after: overview, people, settings, export, set-up.

export const ORGANIZATION_STYLE = `@layer parts {
.tiles { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); align-items: start }
.tiles > div { display: grid; gap: 1.25rem; min-width: 0 }
.tiles > div > .sheet.overview-tile { margin: 0 }
.first-steps { margin-block-end: 1.25rem }
.overview-tile, .pad.first-steps { padding: clamp(1.25rem, 3vw, 2rem) }
.to-do, .recent { list-style: none; padding: 0 }
.to-do a { display: flex; align-items: center; min-height: 2.75rem; padding-block: .5rem; font-weight: 600 }
.to-do li + li { border-block-start: 1px solid var(--line) }
.recent li + li { margin-block-start: .75rem; padding-block-start: .75rem; border-block-start: 1px solid var(--line) }
.tile-failed { padding-inline-start: .75rem; border-inline-start: 4px solid light-dark(#ab231c, #ffa097) }
.chart > div + div { margin-block-start: .75rem }
.chart p { display: flex; justify-content: space-between; gap: 1rem; max-width: none }
.chart .numeric { font-variant-numeric: tabular-nums; font-weight: 600 }
.bar { display: block; inline-size: 100%; block-size: .625rem; border-radius: 2px }
[dir="rtl"] .bar { transform: scaleX(-1) }
.bar-whole { fill: var(--line) }
.bar-part { fill: var(--blue) }
.first-steps ol { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); list-style-position: inside; padding: 0 }
.first-steps li a { padding-block: .625rem; font-weight: 600 }
.first-steps .is-done a { font-weight: 400 }
.step-state { display: block; font-size: .9375rem; font-weight: 600 }
.is-done .step-state { color: var(--soft); font-weight: 400 }
.with-action { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 1rem 2rem }
.two-columns { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); align-items: start }
.two-columns > * { min-width: 0 }
.two-columns .sheet.pad { padding: clamp(1.25rem, 3vw, 2rem) }
.with-action > div { flex: 1 1 20rem }
.form > h2 { margin-block-end: 1rem }
.tabs + * { margin-block-start: 1.25rem }
.nowrap { white-space: nowrap }
.progress-list { display: grid; gap: .75rem; padding: 0; list-style: none }
.progress-line { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem }
.progress-line progress { flex: 1 1 10rem; max-inline-size: 20rem; block-size: .625rem; accent-color: var(--blue) }
.red-note { padding: .75rem 1rem; border-inline-start: 4px solid light-dark(#ab231c, #ffa097); background: light-dark(#fbe7e4, #3a1815) }
pre.command { white-space: pre-wrap; overflow-wrap: anywhere }
.logo { display: block; width: 8rem; height: 8rem; object-fit: contain }
.steps-bar { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; margin-block-end: 1rem; list-style-position: inside }
.steps-bar [aria-current] { font-weight: 600 }
.form .btn-row { display: flex; flex-wrap: wrap; gap: .75rem }
.btn-row .btn { width: auto }
.btn-row .btn + .btn { margin-block-start: 0 }
}
`;
