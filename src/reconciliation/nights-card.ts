import type { Sql } from '#db/connection.ts';
import { countFoundAgain, countReconcileFindings } from '#db/reconcile-findings.ts';
import { listNights, type ReconcileRunRow } from '#db/reconcile-runs.ts';
import { totalShards } from '#db/reconcile-shards.ts';
import type { Cause } from '#src/core/cause.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { counted, listed } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, Value } from '#src/replies/reply.ts';

const SHOWN = 7;

/** One message for all quiet nights: what each of the last ones came to. */
export async function nightsCard(sql: Sql): Promise<{ reply: Reply; version: number } | null> {
  const nights = await listNights(sql, SHOWN);
  const [last] = nights;
  if (!last) return null;
  const outcomes = await Promise.all(nights.map((night) => outcomeOf(sql, night)));
  return {
    // Rises with every night, also when old ones are forgotten.
    version: Math.floor(last.started_at / MINUTE_MS),
    reply: {
      tone: nights.every(({ state }) => state === 'done') ? 'info' : 'warning',
      title: `The last nightly reconciliation with Stripe: ${outcomes[0]}.`,
      sections: [
        {
          heading: 'The last nights',
          table: {
            columns: ['Began', 'Outcome', 'Reconciliation'],
            rows: nights.map((night, index): Value[] => [
              { at: night.started_at },
              outcomes[index] ?? '',
              { code: night.id },
            ]),
          },
        },
      ],
      correlationId: last.correlation_id,
    },
  };
}

async function outcomeOf(sql: Sql, { id, state, on_their_way }: ReconcileRunRow): Promise<string> {
  const { seen } = await totalShards(sql, id, 'subscriptions');
  const found = (await countReconcileFindings(sql, id)).reduce((sum, { total }) => sum + total, 0);
  if (state !== 'done') return `it ${state === 'failed' ? 'failed' : 'was cancelled'}`;
  const among = `in ${counted(seen, 'subscription')}`;
  if (found > 0) return `${counted(found, 'difference')} ${among}`;
  const again = await countFoundAgain(sql, id);
  const silent = [
    again > 0 ? `${counted(again, 'question')} told before` : null,
    on_their_way > 0 ? `${counted(on_their_way, 'customer')} not judged, whose events still waited` : null,
  ].filter((part) => part !== null);
  return silent.length > 0 ? `nothing new ${among}; ${listed(silent)}` : `everything agrees ${among}`;
}

export async function renewNightsCard(sql: Sql, cause: Cause): Promise<void> {
  const card = await nightsCard(sql);
  if (!card) return;
  await renewCard(sql, cause, {
    key: 'nightly-reconciliation:all',
    target: 'billing',
    version: card.version,
    reply: card.reply,
  });
}
