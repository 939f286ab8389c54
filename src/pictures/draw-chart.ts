import { createSideThread } from '#src/core/side-thread.ts';
import type { Chart } from './chart.ts';

/**
 * Draws a chart beside everything else: it takes a quarter of a second of CPU, and the first time, with the libraries,
 * one more.
 *
 * @returns a PNG
 */
export const drawChart = createSideThread<Chart, Uint8Array>(new URL('./chart-thread.ts', import.meta.url));
