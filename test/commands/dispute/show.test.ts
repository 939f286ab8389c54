import { expect, test } from 'vitest';
import { sofia } from '#test/world/billing-world.ts';
import { disputeDesk, disputed } from '#test/world/dispute-desk.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { seen } from '#test/world/slack-world.ts';
import { stripeDown } from '#test/world/stripe-truth.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

type Shown = {
  id: string;
  status: string;
  customer: string | null;
  use: { reports: number; calls: number; credits: number };
  timeline: { side: string; sentence: string }[];
};

/** The same world, with a terminal that can ask Stripe. */
async function asking() {
  const world = await disputeWorld();
  world.runner.stripe = world.truth.gateway;
  return world;
}

test('it is found by its id, charge, payment intent, invoice and customer', async () => {
  const world = await asking();
  world.says();
  await world.tells('created');
  const names = [world.disputeId, world.charge, world.invoice.paymentIntentId, world.invoice.id, sofia.email];

  for (const name of names) {
    const shown = (await world.lucy(`dispute show ${name} --json`)).json<Shown>();
    expect(shown).toMatchObject({ id: world.disputeId, customer: sofia.email, status: 'needs_response' });
  }
});

test('it is asked for at Stripe: news that is not booked yet is shown, and said to be news', async () => {
  const world = await asking();
  world.says();
  await world.tells('created');
  world.says({ status: 'under_review' });

  const { out } = await world.lucy(`dispute show ${world.disputeId}`);
  expect(out).toContain('Our evidence is with the bank');
  expect(out).toContain('it was “needs_response” before');
  expect(await world.database.knex('disputes').first('status')).toMatchObject({ status: 'needs_response' });
});

test('Stripe being away, it shows what is known, and of when that is', async () => {
  const world = await asking();
  world.says();
  await world.tells('created');
  world.truth.onCall = stripeDown;

  const { out, code } = await world.lucy(`dispute show ${world.disputeId}`);
  expect(code).toBe(0);
  expect(out).toContain('Stripe could not be asked now, so this is what it said last.');
  expect(out).toMatch(/As of +2026-11-21 09:00 UTC/);
});

test('one that Lucy never heard of is found at Stripe, with whose it is', async () => {
  const world = await asking();
  world.says();

  expect((await world.lucy(`dispute show ${world.disputeId} --json`)).json()).toMatchObject({
    customer: sofia.email,
  });
  expect((await world.lucy(`dispute show ${world.charge} --json`)).json()).toMatchObject({
    id: world.disputeId,
  });
  expect(await world.database.knex('disputes')).toEqual([]);
});

test('both sides stand beside one another: payment and steps at Stripe, reports, usage and credits with us', async () => {
  const world = await asking();
  const customer = await world.database.knex('customers').first('id');
  const row = {
    customer_id: customer.id,
    received_at: 0,
    actor: 'api:x',
    correlation_id: 'req-1',
    meta: '{}',
  };
  const at = world.clock.now() + 1_000;
  await world.database.knex('reports').insert({ ...row, report_id: 'rep_1', kind: 'quarterly', at });
  for (const [id, credits] of [
    ['use_1', 3],
    ['use_2', 4],
  ] as const)
    await world.database.knex('ai_usage').insert({ ...row, usage_id: id, credits, at });
  world.clock.advance(60_000);
  world.says();
  await world.tells('created');
  world.clock.advance(60_000);
  world.says({ status: 'under_review' });
  await world.tells('updated');

  const shown = (await world.lucy(`dispute show ${world.disputeId} --json`)).json<Shown>();
  expect(shown.use).toMatchObject({ reports: 1, calls: 2, credits: 7 });
  const of = (side: string) => shown.timeline.filter((moment) => moment.side === side).map((m) => m.sentence);
  expect(of('stripe')).toEqual([
    `$49.00 paid (${world.invoice.id}), now disputed.`,
    expect.stringContaining('The cardholder disputes $49.00: fraudulent'),
    expect.stringContaining('Our evidence is with the bank'),
  ]);
  expect(of('lucy')).toEqual([
    expect.stringContaining('500 credits granted'),
    expect.stringContaining('Tier free → pro'),
    'Report “quarterly” (rep_1).',
    '2 AI calls that day, 7 credits.',
  ]);
  const { csv } = (await world.lucy(`dispute show ${world.disputeId} --csv --json`)).json<{ csv: string }>();
  expect(csv.trim().split('\r\n')).toHaveLength(8);
});

test.each([
  ['dp_none', 'Nobody disputes dp_none.'],
  [sofia.email, `Nobody disputes ${sofia.email}.`],
])('%s that nobody disputes is not found', async (name, message) => {
  const world = await asking();
  const typed = await world.lucy(`dispute show ${name}`);

  expect(typed.code).toBe(5);
  expect(typed.err).toContain(message);
  expect(typed.err).toContain('What is open: lucy dispute list');
});

test('payment show names the dispute of that payment, and trace leads to it', async () => {
  const world = await asking();
  world.says();
  await world.tells('created');
  const object = { id: 'evt', object: 'refund', charge: world.charge, customer: sofia.stripe };
  await world.receive(stripeEvent('refund.created', object));

  expect((await world.lucy(`trace ${world.disputeId}`)).out).toContain('charge.dispute.created');
  expect((await world.lucy(`customer timeline ${world.disputeId}`)).out).toContain('The cardholder disputes');
});

test('in Slack, from the card’s button, for whoever clicks alone; a support member is refused', async () => {
  const desk = await disputeDesk();
  const { id } = desk.stripe.world.openDispute(desk.charge.id);
  await desk.hear();
  const card = desk.billing().find(({ reads }) => reads.includes(id));
  await desk.slack.as('bea').click({ channel: 'lucy-billing', ts: card?.ts ?? '' }, 'Show');
  const shown = await seen(desk, 'bea', 'lucy-billing', 'Asked Stripe');
  expect(shown.isEphemeral).toBe(true);
  expect(shown.reads).toContain(`${disputed.email} disputes $19.00`);
  expect(shown.reads).toContain('[Contest]');

  await desk.slack.as('sam').say('support', `/lucy dispute show ${id}`);
  expect((await seen(desk, 'sam', 'support', 'dispute show')).reads).not.toContain('$19.00');
});

test('a payment’s page at Stripe says what became of it', async () => {
  const desk = await disputeDesk();
  desk.stripe.world.openDispute(desk.charge.id, { inquiry: true });
  await desk.hear();
  await desk.slack.as('bea').say('lucy-billing', `/lucy payment show ${disputed.email}`);

  const shown = await seen(desk, 'bea', 'lucy-billing', 'Invoice');
  expect(shown.reads).toContain('The bank inquires about $19.00');
  expect(shown.reads).toContain('[Show the dispute]');
});

test('without a name it asks for one in a modal, and shows the answer there', async () => {
  const desk = await disputeDesk();
  const { id } = desk.stripe.world.openDispute(desk.charge.id);
  await desk.hear();
  const bea = desk.slack.as('bea');
  await bea.say('lucy-billing', '/lucy dispute show');
  expect(bea.modal()?.title).toBe('Dispute show');

  await bea.submit({ Dispute: disputed.email });
  await desk.slack.waitFor(() => bea.modal()?.reads.includes(id) === true);
  expect(bea.modal()?.reads).toContain(`${disputed.email} disputes $19.00`);
});
