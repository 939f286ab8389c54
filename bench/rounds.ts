import type { Round } from './report.ts';

export type Rounds = { floor: Round[]; lucy: Round[] };

/** Warms both, then drives one after the other, round by round: what the machine does beside it falls on both. */
export async function interleave<Subject>(
  subjects: { floor: Subject; lucy: Subject },
  rounds: number,
  warm: (subject: Subject) => Promise<unknown>,
  drive: (subject: Subject) => Promise<Round>,
): Promise<Rounds> {
  const { floor, lucy } = subjects;
  const done: Rounds = { floor: [], lucy: [] };
  await warm(floor);
  await warm(lucy);
  for (let round = 0; round < rounds; round++) {
    done.floor.push(await drive(floor));
    done.lucy.push(await drive(lucy));
  }
  return done;
}
