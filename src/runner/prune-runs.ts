import type { Database } from '#db/connection.ts';
import { listOldRuns, type OldRun, shortenRun } from '#db/run-retention.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Clock, DAY_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';

type Deps = { database: Database; clock: Clock; settings: Pick<Settings, 'retention'> };

/** Small, so that nobody waits for a part of it. */
const AT_ONCE = 100;

/**
 * Takes the receipts and previews of a part of the old runs at each call, and returns how much it looked at. The run
 * itself stays: its key keeps a script from doing it again, and it is still undone by its id.
 */
export function createRunPruner(deps: Deps): () => Promise<number> {
  // Only remembered so that what is short already is not read over and over.
  let after = '';
  return async () => {
    const { database, clock, settings } = deps;
    const days = settings.retention.runs_days;
    const { last, runs } = await listOldRuns(database.knex, after, clock.now() - days * DAY_MS, AT_ONCE);
    if (runs.length > 0)
      await inTransaction(database, async (sql) => {
        for (const run of runs) await shortenRun(sql, run.id, shortened(run, days));
      });
    if (last !== null) after = last;
    return last === null ? 0 : AT_ONCE;
  };
}

/** The sentence of what was asked, and of what came of it, with the way to the audit. */
function shortened({ plan, reply, correlation_id }: OldRun, days: number): Pick<OldRun, 'plan' | 'reply'> {
  const receipt = readReply(reply);
  return {
    plan: plan && JSON.stringify({ title: JSON.parse(plan).title }),
    reply: receipt && JSON.stringify(shortReceipt(receipt, correlation_id, days)),
  };
}

function shortReceipt({ tone, title, facts }: Reply, correlationId: string, days: number): Reply {
  return {
    tone,
    title,
    // What it said of undoing still holds.
    facts: (facts ?? []).filter(({ label }) => label === 'Undo'),
    hint: `Receipts are kept in full for ${days} days. The audit has what was changed: trace ${correlationId}`,
    correlationId,
  };
}
