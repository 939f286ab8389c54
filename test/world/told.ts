import { inTransaction } from '#db/transaction.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { SlackWorld } from './slack-world.ts';

type Target = Parameters<typeof postMessage>[2]['target'];

/** Queues a message, as any transaction does. */
export async function told(world: SlackWorld, name: string, target: Target = 'entitlements'): Promise<void> {
  const cause: Cause = {
    actor: scheduleActor,
    surface: 'job',
    correlationId: `cor_${name.replaceAll(' ', '-')}`,
    reason: null,
    ticket: null,
    runId: null,
    now: world.clock.now(),
  };
  await inTransaction(world.database, (sql) =>
    postMessage(sql, cause, { dedupeKey: name, target, reply: { tone: 'info', title: name } }),
  );
}

/** What stands in a channel, oldest first. */
export function feed(world: SlackWorld, channel = 'lucy-entitlements'): string[] {
  return world.slack.messages(channel).map((message) => message.text);
}

export function outboxRows(world: SlackWorld) {
  return world.database.knex('outbox').orderBy('id');
}
