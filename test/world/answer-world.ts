import { findApproval } from '#db/approvals.ts';
import { type DisputeRow, findDispute } from '#db/disputes.ts';
import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { Dispute } from '#sandbox/stripe/objects/dispute.ts';
import { shortBasis } from '#src/approvals/card.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { type EvidenceDeps, makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { terminalActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { EffectsDeps } from '#src/stripe-effects/deps.ts';
import { type RefundWorld, refundWorld } from './refund-world.ts';

export type AnswerWorld = RefundWorld & {
  /** Sofia subscribed, and disputes what she paid; Lucy has heard of it unless told. */
  disputed(options?: { inquiry?: boolean; reason?: string; isUnheard?: boolean }): Promise<Dispute>;
  /** Bea asks; answers with the approval that waits. */
  asks(line: string, user?: string): Promise<string>;
  /** Somebody presses Approve on the card as it stands; the answer, or the refusal, as they read it. */
  approves(approvalId: string, user?: string): Promise<string>;
  /** What was approved goes to Stripe, and comes back confirmed. */
  carried(): Promise<void>;
  effects(): Promise<Pick<StripeEffectRow, 'kind' | 'state' | 'failure' | 'target_id'>[]>;
  row(id: string): Promise<DisputeRow | undefined>;
  /** What was posted to Stripe. */
  posted(): string[];
};

/** Sofia, who pays $49.00 at the local Stripe, and billing, who answer her disputes at the terminal. */
export async function answerWorld(): Promise<AnswerWorld> {
  const world = await refundWorld();
  const { runner, stripe, database, clock } = world;
  runner.settings = {
    ...runner.settings,
    disputes: {
      ...runner.settings.disputes,
      product_description: 'Reports from spreadsheets',
      refund_policy: 'Within 14 days, when nothing was used.',
      cancellation_policy: 'At any time.',
    },
  };
  const deps: EffectsDeps & EvidenceDeps = {
    settings: runner.settings,
    database,
    stripe: world.gateway,
    clock,
    log: runner.log,
    random: () => 0.5,
    onChange: (sql, cause, effect, before) => effectChanged(sql, runner.settings, cause, effect, before),
  };
  return {
    ...world,
    async disputed({ inquiry = false, reason = 'product_not_received', isUnheard = false } = {}) {
      const { charge } = world.subscribed();
      const dispute = stripe.world.openDispute(charge.id, { inquiry, reason });
      if (!isUnheard) await world.booked();
      return dispute;
    },
    async asks(line, user = 'bea') {
      const typed = await world.as(user, `${line} --reason "the customer is right" --json`);
      if (typed.code !== 4) throw new Error(`Nobody was asked: ${typed.code} ${typed.out}${typed.err}`);
      return typed.json<{ approval: string }>().approval;
    },
    async approves(approvalId, user = 'bo') {
      const row = await findApproval(database.knex, approvalId);
      if (!row) throw new Error('There is no approval');
      const actor = terminalActor(runner.settings, user);
      const click = { approvalId, seenBasis: shortBasis(row), actor, surface: 'slack' as const, place: null };
      try {
        const reply = await approve(runner, click);
        while ((await makeBundles(deps)) > 0);
        return [reply.title, ...(reply.warnings ?? [])].join('\n');
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return errorMessage(error);
      }
    },
    async carried() {
      for (let step = 0; step < 40; step++) {
        while ((await carryEffects(deps)) > 0);
        clock.advance(10_000);
      }
      await world.booked();
    },
    effects: () =>
      database
        .knex('stripe_effects')
        .orderBy(['run_id', 'seq'])
        .select('kind', 'state', 'failure', 'target_id'),
    row: (id) => findDispute(database.knex, id),
    posted: () =>
      stripe.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(/^\/v1\//, '')}`),
  };
}
