import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import type { RunbookRunRow } from '#db/runbook-runs.ts';
import type { Cause } from '#src/core/cause.ts';
import { type MessageTarget, postMessage } from '#src/outbox/post.ts';
import { aboutOf, cardKey } from './card.ts';
import { findProcedure } from './procedures.ts';

/** An edit notifies nobody, so the end is told in the card’s thread. */
export async function tellDone(sql: Sql, cause: Cause, run: RunbookRunRow): Promise<void> {
  if (run.target === null) return;
  const customer = run.customer_id === '' ? undefined : await findCustomerById(sql, run.customer_id);
  const title = findProcedure(run.runbook)?.title ?? run.runbook;
  await postMessage(sql, cause, {
    dedupeKey: `runbook-done:${run.id}`,
    target: run.target as MessageTarget,
    threadOf: cardKey(run.id),
    reply: {
      tone: 'done',
      title: `${title}${aboutOf(customer?.email, run.ticket)}: every step is done.`,
      correlationId: run.correlation_id,
    },
  });
}
