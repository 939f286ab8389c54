import { insertCustomerIfNew } from '#db/customers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { listed } from '#src/core/text.ts';
import { assertLinkable, linkStripeCustomer } from '#src/customers/link.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { setOverride } from '#src/entitlements/override.ts';
import { staffReason } from '#src/entitlements/preview.ts';
import { openEntitlement, recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { addShares } from '#src/policy/usage.ts';
import { applyCredits } from './apply-credits.ts';
import type { LineContext, LineOutcome } from './deps.ts';

/** What a line of `customer import` says. */
export type CustomerLine = {
  name: string | null;
  stripe: string | null;
  tier: string | null;
  credits: number;
};

/** Adds a line's customer with all that the line says, or nothing of it. */
export async function applyCustomer(
  context: LineContext,
  line: { line: number; email: string },
  wanted: CustomerLine,
): Promise<LineOutcome> {
  const { sql, settings, cause, batch } = context;
  const id = newId('cust', cause.now);
  const { email } = line;
  const row = { id, email, name: wanted.name, email_verified_at: null, created_at: cause.now };
  if (!(await insertCustomerIfNew(sql, row)))
    throw new UserError('conflict', `There is a customer ${email} by now.`, `Look: customer show ${email}`);
  await openEntitlement(sql, settings, id, cause.now);
  if (wanted.stripe !== null) {
    await assertLinkable(sql, wanted.stripe, null);
    const link = { customerId: id, stripeCustomerId: wanted.stripe, proof: 'staff' as const };
    await linkStripeCustomer(sql, cause, link);
  }
  const tierLogs = wanted.tier === null ? [] : await giveTier(context, id, wanted.tier);
  await recordAudit(sql, cause, {
    command: batch.command,
    outcome: 'done',
    customerId: id,
    input: { batch: batch.id, line: line.line },
    before: null,
    after: { id, email, stripe: wanted.stripe, tier: wanted.tier, credits: wanted.credits },
  });
  const credited =
    wanted.credits > 0 ? await giveCredits(context, { ...line, customerId: id }, wanted.credits) : null;
  const parts = [
    'added',
    ...(wanted.stripe === null ? [] : [`linked to ${wanted.stripe}`]),
    ...(wanted.tier === null ? [] : [`set to ${wanted.tier} by hand`]),
    ...(wanted.credits > 0 ? [`given ${wanted.credits.toLocaleString('en-US')} as opening balance`] : []),
  ];
  return {
    state: 'applied',
    customerId: id,
    entryId: credited?.entryId ?? null,
    result: `${email} was ${listed(parts)}.`,
    logs: [...tierLogs, ...(credited?.logs ?? [])],
  };
}

/** Like `tier set` without an end: it holds over Stripe until `tier reset`. */
async function giveTier({ sql, settings, mode, cause }: LineContext, customerId: string, tier: string) {
  await setOverride(sql, settings, cause, { customerId, tier, expiresAt: null });
  const why = {
    kind: 'staff' as const,
    ref: cause.runId ?? '',
    reason: staffReason(`Set to ${tier} by an import`, cause),
  };
  const { change } = await recomputeEntitlement(sql, { settings, mode, cause }, customerId, why);
  return change ? [changeLog(change, 'customer_imported')] : [];
}

/** Counted for the customer only now, as there was none when the import was judged. */
async function giveCredits(
  context: LineContext,
  line: { line: number; email: string; customerId: string },
  credits: number,
): Promise<LineOutcome> {
  const { sql, cause, batch } = context;
  await addShares(sql, cause.now, batch.command, [{ customerId: line.customerId, credits }]);
  return applyCredits(context, line, { credits, reason: null, ticket: null, expiresAt: null });
}
