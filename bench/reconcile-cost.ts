import { readFileSync } from 'node:fs';

export type Cost = {
  pages: number;
  seen: number;
  found: number;
  state: string;
  error: string | null;
  cpuMsPerPage: number;
  seconds: number;
  peakMb: number;
};

/** Begins to count; what is returned prints, as JSON, what it took since. */
export function tellCost(): (what: Omit<Cost, 'cpuMsPerPage' | 'seconds' | 'peakMb'>) => void {
  const cpu = process.cpuUsage();
  const from = performance.now();
  return (what) => {
    const used = process.cpuUsage(cpu);
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    const cost: Cost = {
      ...what,
      cpuMsPerPage: (used.user + used.system) / 1_000 / Math.max(what.pages, 1),
      seconds: (performance.now() - from) / 1_000,
      peakMb: Number(peak ?? 0) / 1_024,
    };
    process.stdout.write(`${JSON.stringify(cost)}\n`);
  };
}
