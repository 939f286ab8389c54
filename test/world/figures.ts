/** How often a fault is tried. One in the suite; more at night: FAULT_ROUNDS=10. */
export const rounds = (once: number) => once * Math.max(1, Number(process.env.FAULT_ROUNDS ?? 1));

/** A line of the table in docs/faults.md, printed by whoever measured it. */
export function tellFigure(row: string, done: string, figure: string): void {
  process.stdout.write(`| ${row} | ${done} | ${figure} |\n`);
}

/** The middle of what was measured, and the end that matters, in ms. */
export function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
