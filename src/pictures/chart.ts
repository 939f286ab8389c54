import type { TopLevelSpec } from 'vega-lite';

/** What to draw, as plain data; `width` is the finished picture's, in pixels. */
export type Chart = { spec: TopLevelSpec; width: number };
