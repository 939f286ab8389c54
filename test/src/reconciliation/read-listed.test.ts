import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readListedSubscription } from '#src/gateways/stripe-read-listed.ts';
import { readSubscription } from '#src/gateways/stripe-read-subscription.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';

const fixtures = new URL('../../fixtures/stripe/', import.meta.url);

test('the quick reading of a list’s row is the same as the schema’s, whatever state it is in', async () => {
  const { stripe, customer } = await reconcileWorld();
  const at = stripe.world;
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => customer(name)));
  const [, ending, paused, over, due, scheduled] = ids.map((id) => at.subscribe(id, 'pro_monthly').id);
  at.cancelAtPeriodEnd(ending ?? '');
  at.pauseCollection(paused ?? '', 'void');
  at.cancelNow(over ?? '');
  at.renew(due ?? '', { payment: 'declined' });
  at.scheduleChange(scheduled ?? '', 'starter_monthly');
  const response = await fetch(`${stripe.url}/v1/subscriptions?status=all&limit=100`, {
    headers: { authorization: 'Bearer sk_test_x' },
  });
  const { data } = (await response.json()) as { data: Record<string, unknown>[] };
  const fromFixtures = readdirSync(fixtures)
    .filter((name) => name.startsWith('customer.subscription.'))
    .map((name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).data.object);
  const [first] = data;
  const odd = [
    { ...first, customer: { id: 'cus_expanded' } },
    { ...first, latest_invoice: { id: 'in_expanded' } },
    { ...first, livemode: true, cancel_at: 1_800_000_000 },
    { ...first, items: { data: [] } },
  ];
  const rows = [...data, ...fromFixtures, ...odd];
  expect(rows.length).toBeGreaterThan(10);
  for (const raw of rows) {
    const { isLive, ...read } = readListedSubscription(raw);
    expect(read).toEqual(readSubscription(raw));
    expect(isLive).toBe(raw.livemode === true);
  }
  expect(() => readListedSubscription({ id: 'sub_x' })).toThrow();
  expect(() => readListedSubscription(null)).toThrow();
});
