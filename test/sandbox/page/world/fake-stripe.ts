import { json } from 'node:stream/consumers';
import type { Listener } from '#sandbox/page/page-parts.ts';
import type { StripePanel } from '#sandbox/page/stripe-panel-contract.ts';

const created = 1_795_253_700;

/** A stand-in for the local Stripe's panel. */
export class FakeStripe {
  posts: { path: string; body: unknown }[] = [];
  panel: StripePanel = {
    scenarios: [
      {
        id: 'upgrade',
        title: 'Sofia upgrades',
        explanation: 'She moves from Starter to Pro. Her tier and credits change a moment later.',
      },
      {
        id: 'payment-fails',
        title: 'A payment fails',
        explanation: 'Past Due Ltd’s card is declined. Lucy opens a grace period.',
      },
      {
        id: 'dispute',
        title: 'A dispute opens',
        explanation: 'Disputed Inc’s bank takes €120.00 back. Billing is asked what to do.',
      },
      {
        id: 'lost',
        title: 'Webhooks are lost for an hour',
        explanation: 'Stripe sends nothing until you press it again. Lucy finds out by herself.',
      },
    ],
    customers: [
      {
        id: 'cus_Sofia0001',
        name: 'Sofia Marin',
        email: 'sofia@firm.com',
        summary: 'Pays €49 a month for Pro, paid until 12 December.',
      },
      {
        id: 'cus_PastDue01',
        name: 'Past Due Ltd',
        email: 'pay@pastdue.example',
        summary: 'Owes €49 for November; two attempts failed.',
      },
      {
        id: 'cus_Disputed1',
        name: 'Disputed Inc',
        email: 'office@disputed.example',
        summary: 'Pays €120 a month; the bank disputes the last one.',
      },
    ],
    events: [
      {
        id: 'evt_3',
        type: 'customer.subscription.updated',
        created,
        summary: 'Sofia moved from Starter to Pro',
        delivery: { state: 'delivered', attempts: 1, status: 200 },
      },
      {
        id: 'evt_2',
        type: 'invoice.payment_failed',
        created: created - 30,
        summary: 'Past Due Ltd, €49.00',
        delivery: { state: 'failed', attempts: 3, status: 503 },
      },
      {
        id: 'evt_1',
        type: 'charge.dispute.created',
        created: created - 90,
        summary: 'Disputed Inc, €120.00',
        delivery: { state: 'lost', attempts: 0, status: null },
      },
    ],
  };

  listener: Listener = async (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const path = request.url ?? '';
    if (request.method === 'GET') return response.end(JSON.stringify(this.panel));
    this.posts.push({ path, body: await json(request) });
    response.end(JSON.stringify({ ok: true, said: 'Sofia is on Pro now. Watch #lucy-entitlements.' }));
  };
}
