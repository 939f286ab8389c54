/** In the page itself: one request, and the exported file stands alone. Every text has a contrast of at least 4.5. */
export const style = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #1a1d23; --soft: #565d6b; --line: #dfe3e8;
  --ok: #1a7f4b; --degraded: #8a6100; --partial: #b34a00; --major: #b3261e; --bar-ok: #3aa76d; --bar-degraded: #d9a514;
  --bar-partial: #e07b39; --bar-major: #d4453c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2127; --ink: #e8eaee; --soft: #a4acb9;
  --line: #333942; --ok: #5fd196; --degraded: #e8bd4a; --partial: #f09a61; --major: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main, header, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 0 0 .5rem; }
.now { font-size: 1.5rem; line-height: 1.3; font-weight: 700; margin: 0 0 1.5rem; padding: 1rem 1.25rem; border-radius: .75rem;
  background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--ok); overflow-wrap: anywhere; }
.now.degraded { border-left-color: var(--degraded); } .now.partial { border-left-color: var(--partial); }
.now.major { border-left-color: var(--major); }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; margin: 0 0 1rem; }
.card h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; }
.ok { color: var(--ok); } .degraded { color: var(--degraded); } .partial { color: var(--partial); } .major { color: var(--major); }
.now.degraded, .now.partial, .now.major { color: var(--ink); }
.days { display: flex; gap: 1px; height: 2rem; margin: .6rem 0 .35rem; }
.days i { flex: 1; border-radius: 1px; background: var(--bar-ok); }
.days .degraded { background: var(--bar-degraded); } .days .partial { background: var(--bar-partial); }
.days .major { background: var(--bar-major); }
.soft, time { color: var(--soft); font-size: .875rem; }
ol { list-style: none; margin: .75rem 0 0; padding: 0; } li + li { margin-top: .9rem; }
li p { margin: .1rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
footer { padding-bottom: 3rem; } a { color: inherit; }
a:focus-visible { outline: 3px solid var(--degraded); outline-offset: 2px; }
@media (max-width: 30rem) { .now { font-size: 1.25rem; } .days i:nth-child(-n+45) { display: none; } }
`;
