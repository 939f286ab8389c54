import { expect, test } from 'vitest';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { refundWorld } from '#test/world/refund-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

test.each(['refuse', 'http_500', 'rate_limited'] as const)(
  'while Stripe is away (%s) nothing is planned, and it is said to try again',
  async (kind) => {
    const world = await refundWorld();
    const { id } = world.paid(4_900);
    world.stripe.faults.add({ kind, times: 50 });

    const typed = await world.preview(id);

    expect(typed).toMatchObject({ code: 1, out: '' });
    expect(typed.err).toContain('Stripe does not answer right now, so nothing was changed.');
    expect(typed.err).toContain('Try again in a minute.');
  },
);

test('a terminal without a key says which variable to set', async () => {
  const world = await terminalWorld();

  const typed = await world.lucy('refund request ch_1 --reason "asked kindly" --dry-run', staff('support'));

  expect(typed).toMatchObject({ code: 1, err: expect.stringContaining('Set STRIPE_SECRET_KEY') });
});

test('a key that Stripe does not let in is an admin’s matter', async () => {
  const world = await refundWorld();
  const stripe = createStripeGateway({ secretKey: 'sk_test_wrong', apiBase: world.stripe.url });
  let said = '';
  const line = ['refund', 'request', 'ch_1', '--reason', 'asked kindly', '--dry-run'];

  const code = await runTerminal({ ...world.runner, stripe }, staff('support'), line, {
    write() {},
    writeError(text) {
      said += text;
    },
    ask: null,
  });

  expect(code).toBe(1);
  expect(said).toContain('Stripe does not let Lucy look this up');
  expect(said).toContain('Ask an admin');
});

test('who may not ask for refunds is refused before Stripe is asked', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);

  const typed = await world.as('olu', `refund request ${id} --reason "asked kindly"`);

  expect(typed).toMatchObject({ code: 3, err: expect.stringContaining('needs the role support') });
  expect(world.stripe.requests).toEqual([]);
});
