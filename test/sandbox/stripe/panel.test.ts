import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { seedWorld } from '#sandbox/stripe/seed-world.ts';
import { startStripe } from './start.ts';
import { webhookReceiver } from './webhook-receiver.ts';

async function panel() {
  const receiver = await webhookReceiver();
  const started = await startStripe({ autoDeliver: true, webhookUrl: receiver.url });
  seedWorld(started.stripe);
  const server = createServer((request, response) => void started.stripe.panelListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/stripe`;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  return { ...started, receiver, post, look: async () => (await fetch(`${url}/panel`)).json() };
}

test('the panel tells customers, events and buttons in plain words', async () => {
  const { stripe, post, look } = await panel();
  const pressed = await post('scenario', { scenario: 'sofia-upgrades' });
  expect(pressed).toEqual({
    status: 200,
    body: { ok: true, said: 'Sofia went through Checkout and pays $49.00 a month for Pro.' },
  });
  await stripe.idle();
  const state = await look();
  expect(
    state.customers.map(({ name, summary }: Record<string, string>) => `${name}: ${summary}`),
  ).toMatchInlineSnapshot(`
    [
      "Sofia: Pro, monthly, until 21 December. Paid $49.00 on 21 November.",
      "Past Due Ltd: Pro, monthly, until 12 December. Paid $49.00 on 12 November.",
      "Disputed Inc: Starter, monthly, until 9 December. Paid $19.00 on 9 November.",
    ]
  `);
  expect(state.events[0]).toMatchObject({
    delivery: { attempts: 1, state: 'delivered', status: 200 },
    summary: 'Sofia',
    type: 'checkout.session.completed',
  });
  expect(state.scenarios[0]).toMatchObject({
    enabled: false,
    id: 'sofia-upgrades',
    whyNot: 'Sofia is on Pro already.',
  });
});

test('a button that cannot be pressed is a 409 with the reason', async () => {
  const { post } = await panel();
  const { status, body } = await post('scenario', { id: 'sofia-renews' });
  expect(status).toBe(409);
  expect(body).toMatchObject({ ok: false, error: expect.stringContaining('Sofia has no subscription yet') });
});

test('an event can be delivered again, also many times; lost ones are shown as lost', async () => {
  const { stripe, world, receiver, post, look } = await panel();
  stripe.loseWebhooks(true);
  world.createCustomer({ email: 'x@y.example', withoutCard: true });
  await stripe.idle();
  expect((await look()).events[0].delivery).toEqual({ attempts: 1, state: 'lost', status: null });
  const { body } = await post('deliver', { eventId: stripe.lastEvent().id, times: 3 });
  expect(body.said).toBe('Delivered 3 times; Lucy answered 200.');
  expect(receiver.received).toHaveLength(3);
  expect((await look()).events[0].delivery.state).toBe('delivered');
});

test('another site is refused, and nonsense is told to be nonsense', async () => {
  const { post } = await panel();
  expect((await post('scenario', { scenario: 'x' }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('scenario', 'nonsense')).status).toBe(400);
  expect((await post('elsewhere', {})).status).toBe(404);
});
