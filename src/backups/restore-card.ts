import type { Sql } from '#db/connection.ts';
import { findRestore, type RestoreRow, type RestoreStep } from '#db/restores.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply } from '#src/replies/reply.ts';
import { readRestoreFacts } from './restore-facts.ts';
import { endedRun, lostSection, restoreFacts } from './restore-report.ts';

const steps: readonly { step: RestoreStep; words: string }[] = [
  { step: 'closed', words: 'Closed for changes' },
  { step: 'saved', words: 'Copy of what was there before' },
  { step: 'swapped', words: 'Restored beside it, checked, and put in place' },
  { step: 'catching_up', words: 'Open again' },
  { step: 'done', words: 'Caught up with Stripe' },
];

/** How a restore goes, from its row alone; the same card before and after the swap. */
export async function restoreCard(sql: Sql, id: string): Promise<{ reply: Reply; version: number } | null> {
  const row = await findRestore(sql, id);
  if (!row) return null;
  const isOpen = row.ended_at === null;
  return {
    version: row.version,
    reply: {
      tone: isOpen ? 'sending' : row.step === 'done' ? 'done' : 'warning',
      title: titleOf(row),
      facts: restoreFacts(row),
      sections: [...(row.kind === 'restore' ? [stepSection(row)] : []), ...lostSection(row)],
      ...(isOpen && row.error
        ? { warnings: [`It did not come through, and is tried again: ${row.error}`] }
        : {}),
      ...(isOpen
        ? {
            hint: 'If it stands still, go on with it: backup restore --resume. Before the backup is in its place it can be taken back: backup restore --cancel',
          }
        : {}),
      buttons: heldButton(row),
      correlationId: row.correlation_id,
    },
  };
}

function titleOf(row: RestoreRow): string {
  if (row.ended_at !== null) return endedRun(row).title;
  if (row.kind === 'drill')
    return `${row.requested_by}’s drill: backup ${row.backup_id} is restored beside the living database.`;
  const what = `${row.requested_by} restores the database to ${formatUtc(row.reached_at)}`;
  return row.step === 'catching_up'
    ? `${what}: it is done, people can work, and Lucy catches up with Stripe.`
    : `${what}: nothing can be changed until it is done.`;
}

function stepSection(row: RestoreRow): NonNullable<Reply['sections']>[number] {
  const at = steps.findIndex(({ step }) => step === row.step);
  const lines = steps.map(({ words }, index) => [`${index <= at ? '✓' : '·'} ${words}`]);
  return { heading: 'Steps', lines };
}

function heldButton(row: RestoreRow): NonNullable<Reply['buttons']> {
  const { held } = readRestoreFacts(row);
  const total = held ? held.effects + (held.batches ?? 0) + (held.repairs ?? 0) : 0;
  if (row.kind === 'drill' || row.step === 'failed' || total === 0) return [];
  return [{ kind: 'command', label: 'Let go on what was held', line: 'backup release' }];
}

/** Brings the card up to date, in the transaction of what changed. */
export async function renewRestoreCard(sql: Sql, cause: Cause, id: string): Promise<void> {
  const card = await restoreCard(sql, id);
  if (card) await renewCard(sql, cause, { key: `restore:${id}`, target: 'oncall', ...card });
}
