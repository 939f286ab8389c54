import { cpus, totalmem } from 'node:os';
import { median } from './report.ts';

/**
 * One look at the process: how much it had been asked until then, its memory, and how late its event loop was since.
 * Committed is what V8's heap took of the anonymous memory, heapMb what of that is used.
 */
export type Sample = {
  operations: number;
  anonymousMb: number;
  filesMb: number;
  committedMb: number;
  heapMb: number;
  lagP99Ms: number;
};

/** Rubbish comes and goes; what is left after each collection, the lowest of a third, must not rise by more than this. */
const GROWTH_MAX = 0.1;
/** In fewer looks a third may have seen no collection at all. */
const LOOKS_MIN = 10;

const rssOf = ({ anonymousMb, filesMb }: Sample) => anonymousMb + filesMb;

/** malloc (SQLite's page cache, most of it), compiled code, stacks; too little where V8 has not touched all of its heap. */
const outsideOf = ({ anonymousMb, committedMb }: Sample) => anonymousMb - committedMb;

const columns: [head: string, pick: (sample: Sample) => number][] = [
  ['RSS', rssOf],
  ['of it files', ({ filesMb }) => filesMb],
  ['of it anonymous', ({ anonymousMb }) => anonymousMb],
  ['heap committed', ({ committedMb }) => committedMb],
  ['anonymous outside the heap', outsideOf],
  ['heap used', ({ heapMb }) => heapMb],
];

/**
 * Memory over the run as a table, and in a sentence whether it grows. The first third is warm-up.
 *
 * @param cores how many cores' worth of CPU it took
 */
export function describeSoak(
  samples: readonly Sample[],
  heapMb: number,
  seconds: number,
  cores: number,
  asked: string,
): string {
  const third = Math.floor(samples.length / 3);
  const warm = samples.slice(third, 2 * third);
  const late = samples.slice(2 * third);
  const lowest = (some: readonly Sample[]) => Math.min(...some.map(({ heapMb }) => heapMb));
  const growth = lowest(late) / lowest(warm) - 1;
  const mb = (pick: (sample: Sample) => number, some: readonly Sample[]) => median(some.map(pick)).toFixed(0);
  const row = (name: string, some: readonly Sample[]) => {
    const memory = columns.map(([, pick]) => mb(pick, some));
    const lags = some.map(({ lagP99Ms }) => lagP99Ms);
    const lag = `${median(lags).toFixed(0)} / ${Math.max(...lags).toFixed(0)}`;
    return `| ${[name, ...memory, lowest(some).toFixed(1), lag].join(' | ')} |`;
  };
  const slope = (pick: (sample: Sample) => number, some: readonly Sample[]) =>
    (slopeOf(some, pick) * 1_024_000).toFixed(0);
  const slopes = (pick: (sample: Sample) => number) => `${slope(pick, warm)} and ${slope(pick, late)} KB`;
  return [
    '## Soak',
    '',
    `${asked} within ${(seconds / 60).toFixed(1)} minutes, all roles in one process with a heap of ${heapMb} MB, on ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, SQLite; it took ${(cores * 100).toFixed(0)} % of one core.`,
    '',
    `| part of the run, MB | ${columns.map(([head]) => head).join(' | ')} | lowest heap used | event loop p99 ms, median / worst look |`,
    `| --- | ${columns.map(() => '---').join(' | ')} | --- | --- |`,
    row('first third (warm-up)', samples.slice(0, third)),
    row('second third', warm),
    row('last third', late),
    '',
    `For each 1,000 operations in the second and in the last third (least squares): RSS ${slopes(rssOf)}, outside the heap ${slopes(outsideOf)}, heap used ${slopes(({ heapMb }) => heapMb)}.`,
    third < LOOKS_MIN
      ? 'Too short to tell whether memory grows: take three minutes or more.'
      : verdictOn(growth),
    '',
  ].join('\n');
}

function verdictOn(growth: number): string {
  const percent = `${Math.abs(growth * 100).toFixed(0)} % ${growth > 0 ? 'above' : 'below'} that of the second`;
  const verdict = growth > GROWTH_MAX ? 'Memory grows' : 'Memory does not grow';
  return `${verdict}: the lowest heap of the last third is ${percent}; more than ${GROWTH_MAX * 100} % above it is growth.`;
}

/** Megabytes for each operation. */
function slopeOf(samples: readonly Sample[], pick: (sample: Sample) => number): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(samples.map(({ operations }) => operations));
  const meanY = mean(samples.map(pick));
  let above = 0;
  let below = 0;
  for (const sample of samples) {
    above += (sample.operations - meanX) * (pick(sample) - meanY);
    below += (sample.operations - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
