import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sofia } from '#test/world/billing-world.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { events } from '#test/world/stripe-truth.ts';

/** Where each status may lead: docs.stripe.com/disputes/how-disputes-work; a lost one may still be won by an appeal. */
const leadsTo: Record<string, readonly string[]> = {
  warning_needs_response: ['warning_under_review', 'warning_closed', 'needs_response', 'prevented'],
  warning_under_review: ['warning_closed', 'needs_response'],
  needs_response: ['under_review', 'lost', 'won'],
  under_review: ['won', 'lost'],
  lost: ['appeal_under_review'],
  appeal_under_review: ['won', 'lost'],
};

const types = ['created', 'updated', 'funds_withdrawn', 'funds_reinstated', 'closed'] as const;

type Step = { turn: number; refund: number; tells: (typeof types)[number][]; isHeard: boolean };

const step: fc.Arbitrary<Step> = fc.record({
  turn: fc.nat(10),
  refund: fc.constantFrom(0, 0, 0, 700),
  tells: fc.array(fc.constantFrom(...types), { maxLength: 3 }),
  isHeard: fc.boolean(),
});

test('whatever is lost, doubled or out of order, the credits end where the dispute does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4_900 }),
      fc.infiniteStream(fc.nat(1_000)),
      async (isInquiry, walk, amount, random) => {
        const world = await disputeWorld();
        const late: (typeof types)[number][] = [];
        let status = isInquiry ? 'warning_needs_response' : 'needs_response';
        let refunded = 0;
        world.says({ status, amount });
        for (const { turn, refund, tells, isHeard } of walk) {
          const next = leadsTo[status] ?? [];
          status = next[turn % Math.max(next.length, 1)] ?? status;
          world.says({ status });
          if (refund > 0) {
            world.truth.refund(world.invoice.paymentIntentId ?? '', refund);
            refunded += refund;
          }
          for (const type of tells) {
            // Some are delivered at once, some at the end, in an order of their own.
            if (isHeard) await world.sends(type);
            else late.splice((random.next().value ?? 0) % (late.length + 1), 0, type);
          }
          if (isHeard) await world.drain();
        }
        for (const type of late) await world.sends(type, `evt_late_${type}`);
        await world.receive(events.refund('created', world.invoice.paymentIntentId ?? '', sofia.stripe));
        await world.drain();

        const isHeld = !status.startsWith('warning_') && !['won', 'lost', 'prevented'].includes(status);
        const lost = status === 'lost' ? amount : 0;
        const left = world.granted - Math.floor((world.granted * Math.min(4_900, refunded + lost)) / 4_900);
        expect(await world.credits()).toMatchObject({
          balance: left,
          frozen: isHeld ? left : 0,
          spendable: isHeld ? 0 : left,
          debt: 0,
        });
        const audited = await world.lucy(`credits audit ${sofia.email}`);
        expect(audited.code).toBe(0);
        const open = await world.database.knex('stripe_events').whereNot({ status: 'done' });
        expect(open).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
