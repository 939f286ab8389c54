import { expect, test } from 'vitest';
import { findApproval } from '#db/approvals.ts';
import { shortBasis } from '#src/approvals/card.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { terminalActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { type RefundWorld, refundWorld } from '#test/world/refund-world.ts';

async function asked(line: (world: RefundWorld) => string) {
  const world = await refundWorld();
  const request = `refund request ${line(world)} --reason "paid twice" --ticket ZD-812 --json`;
  const typed = await world.as('sam', request);
  if (typed.code !== 4) throw new Error(`Nobody was asked: ${typed.code} ${typed.out}${typed.err}`);
  const { approval: approvalId } = typed.json<{ approval: string }>();
  const row = async () => {
    const found = await findApproval(world.database.knex, approvalId);
    if (!found) throw new Error('There is no approval');
    return found;
  };
  return {
    ...world,
    row,
    /** Somebody presses Approve on the card as it stands; the answer, or the refusal, as they read it. */
    async approve(user: string) {
      const seenBasis = shortBasis(await row());
      const actor = terminalActor(world.runner.settings, user);
      try {
        const click = { approvalId, seenBasis, actor, surface: 'slack' as const, place: null };
        const reply = await approve(world.runner, click);
        return [reply.title, ...(reply.warnings ?? [])].join('\n');
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return errorMessage(error);
      }
    },
    effects: async () =>
      (await world.database.knex('stripe_effects').orderBy('seq')).map((effect) => ({
        ...JSON.parse(effect.params),
        state: effect.state,
      })),
  };
}

test('Sam asks, Bea approves, and the refund is on its way; nothing was sent before', async () => {
  let id = '';
  const world = await asked((it) => {
    id = it.paid(4_900).id;
    return `${id} 20`;
  });
  expect(await world.effects()).toEqual([]);

  expect(await world.approve('bea')).toBe(
    'Approved. Refund of $20.00 for sofia@firm.com is on its way to Stripe.',
  );

  expect(await world.effects()).toEqual([
    {
      state: 'queued',
      kind: 'refund',
      chargeId: id,
      paymentIntentId: expect.stringMatching(/^pi_/),
      amount: 2_000,
      currency: 'usd',
      stripeReason: 'requested_by_customer',
      refundedBefore: 0,
    },
  ]);
  expect(world.stripe.requests.every((request) => request.method === 'GET')).toBe(true);
  const [audit] = await world.database.knex('audit_events').where({ command: 'refund request' });
  expect(audit).toMatchObject({ outcome: 'done', reason: 'paid twice', ticket: 'ZD-812', actor_name: 'Sam' });
  expect(JSON.parse(audit.before)).toMatchObject({ charge: id, refundedMinor: 0 });
  expect(JSON.parse(audit.after)).toMatchObject({ charge: id, amountMinor: 2_000, refundedMinor: 2_000 });
  expect(JSON.parse(audit.approved_by)).toMatchObject([{ name: 'Bea' }]);
  expect(world.logs.filter((line) => line.event === 'refund_queued')).toMatchObject([
    { charge: id, amountMinor: 2_000, currency: 'usd' },
  ]);
});

test('the subscription ends in the same approval, after the refund', async () => {
  let subscription = '';
  const world = await asked((it) => {
    const bought = it.subscribed();
    ({ subscription } = bought);
    return `${bought.charge.id} --end-subscription period_end --stripe-reason duplicate`;
  });

  await world.approve('bea');

  expect(await world.effects()).toMatchObject([
    { kind: 'refund', amount: 4_900, stripeReason: 'duplicate' },
    { kind: 'cancel_subscription', subscriptionId: subscription, at: 'period_end' },
  ]);
});

test('over 500 dollars two people have to approve', async () => {
  const world = await asked((it) => it.paid(50_001).id);

  await world.approve('bea');
  expect(await world.effects()).toEqual([]);
  await world.approve('bo');

  expect(await world.effects()).toMatchObject([{ amount: 50_001 }]);
});

test('a refund that somebody made meanwhile in the dashboard is shown, and asked about anew', async () => {
  let id = '';
  const world = await asked((it) => {
    id = it.paid(4_900).id;
    return `${id} 20`;
  });
  world.stripe.world.refund(id, 500);

  const told = await world.approve('bea');

  expect(told).toContain('Something changed since this was asked, so nothing was done');
  // It does not warn of itself.
  expect(told).not.toContain('waits for approval');
  expect(told).toContain(
    'Refunded was $0.00 of $49.00 → $20.00 of $49.00, and is $5.00 of $49.00 → $25.00 of $49.00 now.',
  );
  expect(await world.effects()).toEqual([]);
  expect(await world.approve('bea')).toContain('on its way to Stripe');
  expect(await world.effects()).toMatchObject([{ amount: 2_000, refundedBefore: 500 }]);
});

test.each([
  [
    'refunded whole',
    'are refunded already',
    (world: RefundWorld, id: string) => void world.stripe.world.refund(id),
  ],
  ['disputed', 'disputes', (world: RefundWorld, id: string) => void world.stripe.world.openDispute(id)],
])('a payment that is %s meanwhile ends the request, and says why', async (_what, sentence, happens) => {
  let id = '';
  const world = await asked((it) => {
    id = it.paid(4_900).id;
    return id;
  });
  happens(world, id);

  const told = await world.approve('bea');

  expect(told).toContain('This cannot be done any more');
  expect(told).toContain(sentence);
  expect(await world.effects()).toEqual([]);
  expect(await world.row()).toMatchObject({ state: 'cancelled' });
});

test('while Stripe is away the request stays open, and can be approved when it is back', async () => {
  const world = await asked((it) => it.paid(4_900).id);
  world.stripe.faults.add({ kind: 'http_500', times: 30 });
  expect(await world.approve('bea')).toContain('Stripe does not answer right now');
  expect(await world.row()).toMatchObject({ state: 'pending' });

  world.stripe.faults.clear();
  await world.approve('bea');

  expect(await world.effects()).toHaveLength(1);
});

test('credits that are spent meanwhile do not stop an approval', async () => {
  const world = await asked((it) => it.subscribed().charge.id);
  await world.booked();
  // Booking brought the tier, on which the request rests: it is asked anew once.
  expect(await world.approve('bea')).toContain('so nothing was done');
  await world.as('ada', 'credits consume sofia@firm.com 100 --reason "used"');

  expect(await world.approve('bea')).toContain('on its way to Stripe');
  expect(await world.effects()).toHaveLength(1);
});

test('whoever asks for a second refund reads that one waits already, and when it is on its way', async () => {
  let first = '';
  const world = await asked((it) => {
    first = it.paid(4_900).id;
    return first;
  });
  const second = world.paid(1_900);

  expect((await world.preview(second.id)).out).toContain(
    'Sam asked for “Refund $49.00 to sofia@firm.com” on 2026-11-21 09:00 UTC, and it waits for approval',
  );
  await world.approve('bea');
  expect((await world.preview(second.id)).out).toContain('and it is on its way to Stripe');
});

test('the same script run twice is one request', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const line = `refund request ${id} --reason "paid twice" --json --idempotency-key k1`;

  const [one, two] = [await world.as('sam', line), await world.as('sam', line)];

  expect([one.code, two.code]).toEqual([4, 4]);
  expect(await world.database.knex('approvals')).toHaveLength(1);
});

test('what the policy says to an amount can be asked before', async () => {
  const world = await refundWorld();
  const says = async (amount: string) =>
    (await world.as('ada', `policy explain "refund request ch_1 --amount=${amount}" --as sam`)).out;

  expect(await says('500usd')).toContain('one approval by billing');
  expect(await says('500.01usd')).toContain('2 approvals by billing');
  expect(await says('75000jpy')).toContain('one approval by billing');
});
