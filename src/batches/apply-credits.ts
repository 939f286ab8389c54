import { setTimer } from '#db/timers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { grantCredits } from '#src/credits/grant.ts';
import { openEntitlement } from '#src/entitlements/recompute.ts';
import type { LineContext, LineOutcome } from './deps.ts';

/** What a line of `credits import` says. */
export type CreditsLine = {
  credits: number;
  reason: string | null;
  ticket: string | null;
  expiresAt: number | null;
};

/** Grants a line's credits, once for ever: its key is the batch and the line. */
export async function applyCredits(
  { sql, settings, cause: asked, batch }: LineContext,
  line: { line: number; email: string; customerId: string },
  { credits, reason, ticket, expiresAt }: CreditsLine,
): Promise<LineOutcome> {
  if (expiresAt !== null && expiresAt <= asked.now)
    throw new UserError(
      'moved',
      'The day on which they lapse is past by now.',
      'Import it with a later day.',
    );
  const cause = { ...asked, reason: reason ?? asked.reason, ticket: ticket ?? asked.ticket };
  await openEntitlement(sql, settings, line.customerId, cause.now);
  const source = `${batch.id}:${line.line}`;
  const { entry } = await grantCredits(sql, cause, {
    customerId: line.customerId,
    amount: credits,
    key: `batch:${source}`,
    sourceKind: 'import',
    sourceId: source,
    expiresAt,
  });
  if (expiresAt !== null) {
    await setTimer(sql, cause.now, {
      kind: 'lot_expiry',
      subject: `${line.customerId}:${entry.id}`,
      dueAt: expiresAt,
    });
  }
  await recordAudit(sql, cause, {
    command: batch.command,
    outcome: 'done',
    customerId: line.customerId,
    input: { batch: batch.id, line: line.line, credits },
    before: { credits: entry.balance_after - credits },
    after: { credits: entry.balance_after, entry: entry.id },
  });
  return {
    state: 'applied',
    customerId: line.customerId,
    entryId: entry.id,
    result: `${counted(credits, 'credit')} granted; the balance is ${entry.balance_after.toLocaleString('en-US')}.`,
    logs: [
      {
        event: 'credits_changed',
        action: 'credits_granted',
        customer: line.customerId,
        amount: credits,
        entry: entry.id,
      },
    ],
  };
}
