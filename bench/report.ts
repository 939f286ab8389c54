import { cpus, totalmem } from 'node:os';

export type Round = {
  perSecond: number;
  p50: number;
  p99: number;
  cpuMicros: number;
  /** What the database server took beside it, where it is a process of its own. */
  databaseMicros?: number;
};

/** One subject's rounds against another's, as a table and the medians of the ratios within each round. */
export function compareRounds(
  title: string,
  floorName: string,
  floor: Round[],
  lucyName: string,
  lucy: Round[],
): string {
  /** Nothing is said where the floor is below the millisecond in which latencies are counted. */
  const ratio = (pick: (round: Round) => number) =>
    floor.some((round) => pick(round) === 0)
      ? '–'
      : median(lucy.map((round, index) => pick(round) / pick(floor[index] ?? round))).toFixed(2);
  const row = (name: string, rounds: Round[]) =>
    `| ${name} | ${shown(rounds, (round) => round.perSecond, 0)} | ${shown(rounds, (round) => round.p50, 2)} / ${shown(rounds, (round) => round.p99, 2)} | ${shownCpu(rounds)} |`;
  return [
    `## ${title}`,
    '',
    `${floor.length} interleaved rounds on ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}.`,
    '',
    `| server | req/s | p50 / p99 ms | ${lucy.some(isOnServer) ? 'server + database' : 'server'} CPU µs/req |`,
    '| --- | --- | --- | --- |',
    row(floorName, floor),
    row(lucyName, lucy),
    '',
    `Ratios of Lucy to the floor, medians within a round: throughput ${ratio((round) => round.perSecond)}, p50 ${ratio((round) => round.p50)}, p99 ${ratio((round) => round.p99)}, CPU ${ratio(wholeCpu)}.`,
    '',
  ].join('\n');
}

const isOnServer = (round: Round) => (round.databaseMicros ?? 0) > 0;

const wholeCpu = (round: Round) => round.cpuMicros + (round.databaseMicros ?? 0);

function shownCpu(rounds: Round[]): string {
  const server = shown(rounds, (round) => round.cpuMicros, 0);
  return rounds.some(isOnServer)
    ? `${server} + ${shown(rounds, (round) => round.databaseMicros ?? 0, 0)}`
    : server;
}

function shown(rounds: Round[], pick: (round: Round) => number, digits: number): string {
  return median(rounds.map(pick)).toFixed(digits);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
