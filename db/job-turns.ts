import type { Sql } from './connection.ts';

export type JobTurnRow = {
  name: string;
  next_at: number;
  /** Of whoever has this turn: new with each, so that a late one is known by it. */
  lease_token: string | null;
  lease_until: number;
};

/** Takes the turn when it is due and nobody has it; a holder whose lease ran out has lost it. */
export async function takeTurn(
  sql: Sql,
  name: string,
  lease: { token: string; now: number; until: number },
): Promise<boolean> {
  const table = () => sql<JobTurnRow>('job_turns');
  const free = await table().where({ name }).first();
  // Looked at first: mostly it is not due, and then nothing is written.
  if (free && (free.next_at > lease.now || free.lease_until >= lease.now)) return false;
  if (!free)
    await table().insert({ name, next_at: 0, lease_token: null, lease_until: 0 }).onConflict('name').ignore();
  const taken = await table()
    .where({ name })
    .where('next_at', '<=', lease.now)
    .where('lease_until', '<', lease.now)
    .update({ lease_token: lease.token, lease_until: lease.until });
  return taken === 1;
}

/** False when somebody else has the turn by now. Within a transaction it stays the holder's until the commit. */
export async function holdTurn(sql: Sql, name: string, token: string): Promise<boolean> {
  return (await sql('job_turns').where({ name, lease_token: token }).update({ lease_token: token })) === 1;
}

export async function renewTurn(sql: Sql, name: string, token: string, until: number): Promise<boolean> {
  return (await sql('job_turns').where({ name, lease_token: token }).update({ lease_until: until })) === 1;
}

export async function endTurn(sql: Sql, name: string, token: string, nextAt: number): Promise<void> {
  await sql('job_turns')
    .where({ name, lease_token: token })
    .update({ lease_token: null, lease_until: 0, next_at: nextAt });
}
