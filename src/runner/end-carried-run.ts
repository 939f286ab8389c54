import { type ApprovalRow, findApprovalOfRun, lockApproval, raiseApprovalVersion } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { lockRun, type RunRow } from '#db/runs.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import { cardKey } from '#src/approvals/card.ts';
import { renewApprovalCard } from '#src/approvals/renew-card.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import type { Cause } from '#src/core/cause.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { type Reply, readReply } from '#src/replies/reply.ts';
import { describeEffect, effectsOfRun } from '#src/stripe-effects/describe-effect.ts';
import { endRun } from './end-run.ts';
import { renewAnswered } from './renew-answered.ts';

/**
 * An effect on Stripe went a step further: the card shows it, and when nothing is open any more the run ends, done only
 * if Stripe confirmed all of it. Runs in the transaction of the effect's own change.
 */
export async function effectChanged(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  effect: StripeEffectRow,
  before: StripeEffectRow['state'],
): Promise<void> {
  // In the same order as a click: the approval, then the run.
  const approval = await findApprovalOfRun(sql, effect.run_id);
  if (approval) await lockApproval(sql, approval.id);
  const run = await lockRun(sql, effect.run_id);
  if (!run) throw new Error(`Effect ${effect.id} has no run`);
  const effects = await effectsOfRun(sql, run.id);
  const isOpen = effects.some((one) => !isEnded(one));
  const hasFailed = effects.some((one) => one.state === 'failed');
  const end = isOpen ? null : hasFailed ? 'failed' : 'done';
  // A refund that Stripe confirmed may fail days later, at the customer's bank, whatever else had failed before.
  const isSentBack = before === 'confirmed' && effect.state === 'failed';
  const isNews = end !== null && (run.state === 'carrying' || isSentBack);
  if (isNews) {
    await endRun(sql, settings, causeOf(cause, run), run.id, {
      state: end,
      reply: (held) => endReply(held, end, effects),
      told: withoutPaste,
      after: { stripe: effects.map(describeEffect) },
      key: `${end}:${effect.id}`,
    });
  } else if (approval) {
    await raiseApprovalVersion(sql, approval.id);
    await renewApprovalCard(sql, settings, cause, approval.id);
  }
  await renewAnswered(sql, settings, cause, effect);
  if (isNews) await tellChannels(sql, cause, run, end, effects, approval, effect);
}

function isEnded({ state }: StripeEffectRow): boolean {
  return state === 'confirmed' || state === 'failed' || state === 'skipped';
}

/** The end of what somebody asked for stands in the audit with their reason and their correlation id. */
function causeOf(cause: Cause, { correlation_id: correlationId, reason, ticket, id: runId }: RunRow): Cause {
  return { ...cause, correlationId, reason, ticket, runId };
}

/** What happened of it, without calling anything undone that went out. */
function endWords(
  end: 'done' | 'failed',
  effects: readonly StripeEffectRow[],
): { what: string; hint?: string } {
  if (end === 'done') return { what: 'done, and confirmed by Stripe.' };
  const isPartly = effects.some((effect) => effect.state === 'confirmed');
  return isPartly
    ? {
        what: 'only a part of it happened.',
        hint: 'Read below which part did not, and mend that alone; asking for all of it again would do the other part twice.',
      }
    : {
        what: 'it did not happen.',
        hint: 'Read what Stripe said, mend it in Stripe or with the customer, and ask again if it is still wanted.',
      };
}

/** The block for the ticket begins with what became of it, and ends with Stripe’s words. */
function pasteWith(paste: string, title: string, effects: readonly StripeEffectRow[]): string {
  const [, ...rest] = paste.split('\n').filter((line) => !line.startsWith('Stripe: '));
  return [title, ...rest, ...effects.map((effect) => `Stripe: ${describeEffect(effect)}`)].join('\n');
}

/** The receipt, with what Stripe said of it. */
function endReply(run: RunRow, end: 'done' | 'failed', effects: readonly StripeEffectRow[]): Reply {
  const sent = readReply(run.reply);
  const { title } = readShownPlan(run.plan);
  const stripe = effects.map((effect) => ({ label: 'Stripe', value: describeEffect(effect) }));
  const facts = [...(sent?.facts ?? []).filter((fact) => fact.label !== 'Stripe'), ...stripe];
  const words = endWords(end, effects);
  const said = `${title}: ${words.what}`;
  return {
    ...sent,
    facts,
    correlationId: run.correlation_id,
    tone: end === 'done' ? 'done' : 'warning',
    title: said,
    ...(words.hint ? { hint: words.hint } : {}),
    ...(sent?.paste ? { paste: pasteWith(sent.paste, said, effects) } : {}),
    json: {
      ...(sent?.json as Record<string, unknown> | undefined),
      done: end === 'done',
      title: said,
      stripe: effects.map(describeEffect),
    },
  };
}

/** Whoever is only told needs neither the block for the ticket nor the buttons of the receipt. */
function withoutPaste({ paste: _paste, buttons: _buttons, ...told }: Reply): Reply {
  return told;
}

/** The channel of what changes at customers, and, when it failed, whoever approved it: where they approved it. */
async function tellChannels(
  sql: Sql,
  cause: Cause,
  run: RunRow,
  end: 'done' | 'failed',
  effects: readonly StripeEffectRow[],
  approval: ApprovalRow | undefined,
  effect: StripeEffectRow,
): Promise<void> {
  const reply = withoutPaste(endReply(run, end, effects));
  await postMessage(sql, cause, {
    dedupeKey: `run:${run.id}:${end}:${effect.id}`,
    target: 'entitlements',
    reply,
  });
  if (!approval || end === 'done') return;
  await postMessage(sql, cause, {
    dedupeKey: `approval-failed:${approval.id}:${effect.id}`,
    target: approval.channel as ChannelKey,
    threadOf: cardKey(approval.id),
    reply,
  });
}
