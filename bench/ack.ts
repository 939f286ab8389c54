import { join } from 'node:path';
import { besideBolt, callAtPace, PER_SECOND, roundOf } from './beside-bolt.ts';
import type { Server } from './child.ts';
import { inFolder } from './folder.ts';
import type { Round } from './report.ts';

const WARM_SECONDS = 3;
const ROUND_SECONDS = 5;
const ROUNDS = 5;

/** A signed `/lucy customer show` until its acknowledgement, at 50 a second (research: performance, E). About 70 s. */
export async function benchAck(): Promise<string> {
  return inFolder((folder) => {
    const url = (name: string) => `sqlite:${join(folder, `${name}.db`)}`;
    return besideBolt(
      `Slack command to acknowledgement, ${PER_SECOND} a second`,
      { floor: url('floor'), lucy: url('lucy') },
      ROUNDS,
      (server) => drive(server, WARM_SECONDS),
      (server) => drive(server, ROUND_SECONDS),
    );
  });
}

async function drive(server: Server, seconds: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  const since = performance.now();
  const took = await callAtPace(server, (sent) => sent < seconds * PER_SECOND);
  const passed = (performance.now() - since) / 1000;
  return roundOf(took, took.length, passed, (await server.cpuMs()) - cpuBefore);
}
