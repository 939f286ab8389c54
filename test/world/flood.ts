import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';

export type Flood = {
  /** The ids that were answered with 200, and how often each other answer came; 0 is none at all. */
  stored: ReadonlySet<string>;
  refused: ReadonlyMap<number, number>;
  slowestMs(): number;
  /** Sends again, as Stripe does, what was not taken, until all is; resolves with how many there were. */
  sendAgain(): Promise<number>;
  /** Ids that were answered with 200 and have no row. */
  missing(): Promise<string[]>;
  /** Sends no more, and waits for the last answers. */
  end(): Promise<void>;
};

/** Stripe’s webhooks at a steady pace, each an event of its own about one customer, whatever is answered. */
export function flood(fleet: Fleet, stripeCustomer: string, perSecond: number): Flood {
  const { stripe } = fleet;
  stripe.world.subscribe(stripeCustomer, 'pro_monthly');
  const event = stripe.lastEvent('customer.subscription.created');
  const sent: string[] = [];
  const open = new Set<Promise<void>>();
  const stored = new Set<string>();
  const refused = new Map<number, number>();
  let slowest = 0;
  let isOver = false;

  async function send(id: string): Promise<void> {
    const since = performance.now();
    const { body, headers } = stripe.signed(JSON.stringify({ ...event, id }));
    const status = await fetch(`${fleet.address()}/api/billing/webhook`, {
      method: 'POST',
      headers,
      body,
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    slowest = Math.max(slowest, performance.now() - since);
    if (status === 200) stored.add(id);
    else refused.set(status, (refused.get(status) ?? 0) + 1);
  }

  const sending = (async () => {
    while (!isOver) {
      const id = `evt_flood_${sent.length}`;
      sent.push(id);
      const one = send(id).finally(() => open.delete(one));
      open.add(one);
      await pause(1_000 / perSecond);
    }
  })();

  return {
    stored,
    refused,
    slowestMs: () => Math.round(slowest),
    async sendAgain() {
      const left = sent.filter((id) => !stored.has(id));
      for (const id of left) while (!stored.has(id)) await send(id);
      return left.length;
    },
    async missing() {
      const rows = new Set(await fleet.database.knex('stripe_events').pluck('id'));
      return [...stored].filter((id) => !rows.has(id));
    },
    async end() {
      isOver = true;
      await sending;
      await Promise.all(open);
    },
  };
}
