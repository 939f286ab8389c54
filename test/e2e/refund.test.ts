import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { type ProcessWorld, processWorld } from '#test/world/processes.ts';

const config = `
plans:
  - { lookup_key: pro_monthly, tier: pro, credits_per_period: 500 }
roles:
  support: { groups: [S0SUPPORT1] }
  billing: { groups: [S0BILLING1] }
approvals: { dwell: 0s }
`;

/** The real program with a customer who paid, and a refund that Sam asked for. */
async function askedRefund(): Promise<{ world: ProcessWorld; at: { channel: string; ts: string } }> {
  const world = await processWorld({ autoDeliver: true, config });
  const { stripe, slack, terminal, show, until } = world;
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const adding = ['customer', 'add', 'sofia@firm.com', '--stripe', customer.id];
  expect((await terminal([...adding, '--reason', 'new', '--yes'])).code).toBe(0);
  await world.start();
  stripe.world.subscribe(customer.id, 'pro_monthly');
  await until(
    () => show('sofia@firm.com'),
    (shown) => shown.credits.balance === 500,
  );
  const charge = stripe.lastEvent('charge.succeeded').data.object as { id: string };
  const sam = slack.as('sam');
  await sam.say('support', `/lucy refund request ${charge.id} --reason "charged twice" --ticket ZD-812`);
  const preview = await slack.waitFor(() =>
    sam.messages('support').find((message) => message.reads.includes('Ask for approval')),
  );
  await sam.click({ channel: 'support', ts: preview.ts }, 'Ask for approval');
  const card = await slack.waitFor(() => slack.messages('lucy-approvals')[0]);
  return { world, at: { channel: 'lucy-approvals', ts: card.ts } };
}

function posted({ stripe }: ProcessWorld) {
  return stripe.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/v1/refunds'));
}

/** A minute later the lease of a killed process has run out; a minute and a half later what is in doubt may be sent again. */
async function letMinutesPass(
  { databaseUrl }: ProcessWorld,
  whose: 'killed process' | 'in doubt',
): Promise<void> {
  const database = openDatabase(databaseUrl, { busyTimeoutMs: 2_000, poolMax: 1 });
  const { knex } = database;
  if (whose === 'killed process') {
    for (const table of ['stripe_effects', 'outbox'])
      await knex(table).whereNotNull('lease_until').update({ lease_until: 0 });
  } else {
    const inDoubt = { state: 'unknown', lease_until: null };
    await knex('stripe_effects').where(inDoubt).update({ next_attempt_at: 0, resend_at: 0 });
  }
  await database.close();
}

/** Killed between posting the card and writing down that it was posted, Lucy posts it once more, and keeps that one. */
function newestCard({ slack }: ProcessWorld): string {
  return slack.messages('lucy-approvals').findLast((message) => !message.isEphemeral)?.reads ?? '';
}

function newestPlace({ slack }: ProcessWorld): { channel: string; ts: string } | undefined {
  const card = slack.messages('lucy-approvals').findLast((message) => !message.isEphemeral);
  return card && { channel: 'lucy-approvals', ts: card.ts };
}

async function refundsAtStripe({ stripe }: ProcessWorld): Promise<unknown[]> {
  const answer = await fetch(`${stripe.url}/v1/refunds?limit=100`, {
    headers: { authorization: `Bearer ${stripe.secretKey}` },
  });
  return ((await answer.json()) as { data: unknown[] }).data;
}

test('two people, one refund: asked, approved, sent once, confirmed, and the credits settled', async () => {
  const { world, at } = await askedRefund();
  const { slack, show, until } = world;

  await slack.as('bea').click(at, 'approve:0');

  await until(
    async () => slack.messages('lucy-approvals')[0]?.reads ?? '',
    (reads) => reads.includes('confirmed by Stripe'),
  );
  const [card] = slack.messages('lucy-approvals');
  expect(card?.ts).toBe(at.ts);
  expect(card?.reads).toContain('confirmed by Stripe. Approved by Bea.');
  expect(posted(world)).toHaveLength(1);
  const shown = await until(
    () => show('sofia@firm.com'),
    (value) => value.credits.balance === 0,
  );
  expect(shown.credits).toMatchObject({ balance: 0, debt: 0 });
  const told = slack.as('sam').dm();
  expect(told[0]?.reads).toContain('Bea approved it');
  expect(told.at(-1)?.reads).toContain('confirmed by Stripe');
}, 60_000);

test.each([0, 300])(
  'kill -9 %i ms after the click: the refund is made once, and the card says so in the end',
  async (ms) => {
    const { world, at } = await askedRefund();
    const { slack, show, until } = world;

    const clicked = slack.as('bea').click(at, 'approve:0');
    await new Promise((resolve) => setTimeout(resolve, ms));
    await world.lucy?.kill();
    await clicked.catch(() => {});
    await letMinutesPass(world, 'killed process');
    await world.start();
    // The click may have been lost with the process; then Bea clicks again, as anybody would.
    const isDecided = await until(
      async () => newestCard(world).includes('Approve:') === false,
      (decided) => decided,
    );
    // On the newest copy: an older one only says where the card goes on.
    if (!isDecided) await slack.as('bea').click(newestPlace(world) ?? at, 'approve:0');

    const reads = await until(
      async () => {
        await letMinutesPass(world, 'in doubt');
        return newestCard(world);
      },
      (text) => text.includes('confirmed by Stripe'),
    );
    expect(reads).toContain('confirmed by Stripe');
    expect(await refundsAtStripe(world)).toHaveLength(1);
    const shown = await until(
      () => show('sofia@firm.com'),
      (value) => value.credits.balance === 0,
    );
    expect(shown.credits).toMatchObject({ balance: 0, debt: 0 });
  },
  120_000,
);
