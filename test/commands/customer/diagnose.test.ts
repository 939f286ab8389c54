import { expect, test } from 'vitest';
import { insertUsage } from '#db/ai-usage.ts';
import { upsertDispute } from '#db/disputes.ts';
import { addRejects } from '#db/webhook-rejects.ts';
import { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { sofia } from '#test/world/billing-world.ts';
import { dropWrites } from '#test/world/detector-world.ts';
import { type Diagnosed, diagnosisWorld } from '#test/world/diagnosis-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const line = 'customer diagnose sofia@firm.com';

test('a customer in order has no problem; what is fine is one line, and the tier is explained by its rows', async () => {
  const world = await diagnosisWorld();

  const { checks, why, refs, stripe } = await world.diagnose();
  const typed = await world.lucy(line);

  expect(checks.map(({ verdict, sentence }) => (verdict === 'ok' ? verdict : sentence))).toEqual(
    Array.from({ length: 13 }, () => 'ok'),
  );
  expect(stripe.askedAt).not.toBeNull();
  expect(why).toMatch(
    /^pro: Stripe subscription sub_1; last change free → pro at 2026-11-21 09:00 UTC by evt_/,
  );
  expect(refs).toEqual(expect.arrayContaining(['sub_1', 'cus_sofia']));
  expect(typed.code).toBe(0);
  expect(typed.out).toContain('sofia@firm.com: no problem found.');
  expect(typed.out).toContain('Looked for and not found: Missing upgrade or wrong tier;');
});

test('a tier that Lucy holds against everything she knows', async () => {
  const world = await diagnosisWorld();
  await dropWrites(world.database, 'entitlements', 'update');
  Object.assign(world.truth.subscriptions.get('sub_1') ?? {}, { status: 'canceled', endedAt: 1 });
  await world.receive(events.subscription('deleted', { id: 'sub_1', customer: sofia.stripe }));
  await world.drain();

  expect(await world.problems()).toMatchObject([
    {
      id: 'wrong_tier',
      title: 'Missing upgrade or wrong tier',
      sentence: 'sofia@firm.com has tier pro, though everything known says tier free.',
      remedy: 'tier reset sofia@firm.com',
      team: 'Billing engineering',
      escalate: 'escalate billing_engineering sofia@firm.com --about "Missing upgrade or wrong tier"',
    },
  ]);
});

test('an upgrade at Stripe of which no event came', async () => {
  const world = await diagnosisWorld();
  world.truth.prices.set('price_E', 'enterprise_monthly');
  world.truth.subscribe(sofia.stripe, 'price_E');

  expect(await world.problems()).toMatchObject([
    {
      id: 'wrong_tier',
      evidence: ['sub_3 is active (enterprise) at Stripe and unknown here.'],
      remedy: 'tier reset sofia@firm.com',
    },
  ]);
  await world.lucy('tier reset sofia@firm.com --reason "upgrade arrived" --yes');
  await world.drain();
  expect((await world.show(sofia.email)).tier).toBe('enterprise');
});

test('a price that nothing maps, a customer whom nobody linked, a payment that failed, a grace that is over', async () => {
  const world = await diagnosisWorld();
  const { truth, receive, drain, lucy } = world;
  for (const name of ['ann', 'ben', 'cyd'])
    await lucy(
      `customer add ${name}@firm.com ${name === 'ann' ? '' : `--stripe cus_${name}`} --reason "new account" --yes`,
    );
  await receive(events.subscription('created', truth.subscribe('cus_ben', 'price_unknown')));
  const late = truth.subscribe('cus_cyd', 'price_B');
  await receive(events.subscription('created', late));
  await drain();
  truth.payInvoice(late.id, { status: 'open', paidAt: null });
  late.status = 'past_due';
  await receive(events.subscription('updated', late));
  await drain();

  expect(await world.problems('ann@firm.com')).toMatchObject([
    {
      id: 'wrong_tier',
      remedy: 'customer link ann@firm.com',
      sentence: expect.stringContaining('no Stripe customer'),
    },
  ]);
  expect(await world.problems('ben@firm.com')).toMatchObject([
    { id: 'wrong_tier', sentence: expect.stringContaining('price_unknown, which no plan maps') },
  ]);
  expect(await world.problems('cyd@firm.com')).toMatchObject([
    {
      id: 'payment_in_grace',
      title: 'Payment failed, in grace',
      remedy: 'payment portal-link cyd@firm.com',
      sentence: expect.stringContaining('keeps pro until'),
      team: null,
      escalate: null,
    },
  ]);
  world.clock.advance(80 * 3_600_000);
  await drain();
  expect(await world.problems('cyd@firm.com')).toMatchObject([
    {
      id: 'payment_overdue',
      remedy: 'payment portal-link cyd@firm.com',
      sentence: expect.stringContaining('past_due and its grace is over'),
      escalate: null,
    },
  ]);
});

test('an override that ran out a moment ago is the timers’ to end, and no mistake yet', async () => {
  const world = await diagnosisWorld();
  await world.lucy('tier set sofia@firm.com enterprise --until 1h --reason "trial" --yes');
  const verdict = async () => {
    const { checks } = (await world.lucy(`${line} --json`)).json<Diagnosed>();
    return checks.find(({ id }) => id === 'wrong_tier')?.verdict;
  };
  world.clock.advance(3_600_000 + 1_000);
  expect(await verdict()).toBe('ok');

  world.clock.advance(600_000);
  expect(await verdict()).toBe('problem');
});

test('paid, and the credits are not there; Stripe says how many they should be', async () => {
  const world = await diagnosisWorld();
  const { truth, receive, drain, deps } = world;
  const { plans } = deps.settings;
  const before = plans.map((plan) => plan.credits_per_period);
  for (const plan of plans) plan.credits_per_period = 0;
  const invoice = truth.payInvoice('sub_1');
  await receive(events.invoice('paid', invoice));
  await drain();
  for (const [index, plan] of plans.entries()) plan.credits_per_period = before[index] ?? 0;

  expect(await world.problems()).toMatchObject([
    {
      id: 'credits_not_granted',
      evidence: [`${invoice.id} ($49.00) should have brought 500 credits, and no grant is in the ledger.`],
      remedy: 'tier reset sofia@firm.com',
      team: 'Backend engineering',
    },
  ]);
});

test('paid at Stripe, and Lucy never heard of it', async () => {
  const world = await diagnosisWorld();
  const invoice = world.truth.payInvoice('sub_1');

  expect(await world.problems()).toMatchObject([
    {
      id: 'credits_not_granted',
      sentence: '1 payment of sofia@firm.com is paid at Stripe and not booked here.',
      evidence: [expect.stringContaining(`${invoice.id} was paid`)],
    },
  ]);
});

test('an AI call that was not debited', async () => {
  const world = await diagnosisWorld();
  const customer = await world.database.knex('customers').where({ email: sofia.email }).first();
  await insertUsage(world.database.knex, {
    usage_id: 'call-1',
    customer_id: customer.id,
    credits: 5,
    entry_id: null,
    hold_id: null,
    model: null,
    meta: '{}',
    at: world.clock.now(),
    received_at: world.clock.now(),
    actor: 'api:product',
    correlation_id: 'req-1',
  });

  expect(await world.problems()).toMatchObject([
    {
      id: 'credits_not_decrementing',
      remedy: 'credits consume sofia@firm.com 5',
      team: 'Data platform',
      evidence: ['Usage call-1 of 2026-11-21 09:00 UTC: 5 credits, no ledger entry (req-1)'],
    },
  ]);
});

test('a portal without settings, and one that Stripe refuses to this customer', async () => {
  const world = await diagnosisWorld();
  const settings = world.truth.gateway.hasPortalSettings;
  world.truth.gateway.hasPortalSettings = async () => false;
  expect(await world.problems()).toMatchObject([
    {
      id: 'portal_error',
      sentence: expect.stringContaining('https://dashboard.stripe.com/test/settings/billing/portal'),
      remedy: 'payment portal-link sofia@firm.com',
      team: 'Stripe support',
    },
  ]);

  world.truth.gateway.hasPortalSettings = settings;
  world.truth.onCall = (name) => {
    if (name === 'createPortalLink') throw new StripeSaidNo(null, 'This customer cannot be used.');
  };
  await world.lucy('payment portal-link sofia@firm.com');
  expect(await world.problems()).toMatchObject([
    { id: 'portal_error', evidence: [expect.stringContaining('This customer cannot be used.')] },
  ]);
});

test('a debt, a lock, an open dispute', async () => {
  const world = await diagnosisWorld();
  const { database, clock, lucy } = world;
  await database.knex('credit_accounts').update({ debt: 7 });
  expect(await world.problems()).toMatchObject([
    { id: 'balance_stuck', remedy: 'credits audit sofia@firm.com', team: 'Data platform' },
  ]);
  await database.knex('credit_accounts').update({ debt: 0 });
  await database.knex('credit_lots').update({ frozen_at: clock.now() });
  expect(await world.problems()).toMatchObject([
    {
      id: 'balance_stuck',
      sentence: expect.stringContaining('500 credits of sofia@firm.com are frozen'),
      remedy: 'dispute show sofia@firm.com',
    },
  ]);
  await database.knex('credit_lots').update({ frozen_at: null });

  const customer = await database.knex('customers').where({ email: sofia.email }).first();
  await upsertDispute(database.knex, {
    id: 'du_1',
    mode: 'test',
    stripe_customer_id: sofia.stripe,
    customer_id: customer.id,
    payment_id: null,
    charge_id: 'ch_1',
    payment_intent_id: null,
    amount: 4_900,
    currency: 'usd',
    reason: 'fraudulent',
    status: 'needs_response',
    phase: 'dispute',
    due_by: clock.now() + 86_400_000,
    is_charge_refundable: 0,
    has_evidence: 0,
    submission_count: 0,
    network: null,
    case_type: null,
    network_reason_code: null,
    lost_amount: 0,
    opened_at: clock.now(),
    closed_at: null,
    fetched_at: clock.now(),
  });
  expect(await world.problems()).toMatchObject([
    { id: 'dispute_or_lock', remedy: 'dispute show du_1', team: null, escalate: null },
  ]);
  await lucy('customer lock sofia@firm.com --reason "stolen card" --ticket ZD-1 --yes');
  expect(await world.problems()).toMatchObject([
    {
      id: 'dispute_or_lock',
      sentence: expect.stringContaining('sofia@firm.com is locked for fraud'),
      evidence: [expect.stringMatching(/^du_1: \$49\.00, needs response, answer due 2026-11-22/)],
      remedy: 'customer unlock sofia@firm.com',
    },
  ]);
});

test('an event that fails, and a payment that came to nothing', async () => {
  const world = await diagnosisWorld();
  const { truth, receive, drain, clock, database } = world;
  const invoice = truth.payInvoice('sub_1');
  await receive(events.invoice('paid', invoice, 'evt_poison'));
  truth.onCall = (name) => {
    if (name === 'getInvoice') throw new Error('unreadable');
  };
  await drain();
  clock.advance(30_000);
  await drain();
  expect((await world.problems()).find(({ id }) => id === 'event_failed_twice')).toMatchObject({
    sentence: '1 event of sofia@firm.com fails, after 2 tries: that is for billing engineering.',
    evidence: ['evt_poison (invoice.paid) failed 2 times: unreadable'],
    remedy: 'webhook replay evt_poison',
    team: 'Billing engineering',
  });

  await database
    .knex('stripe_events')
    .where({ id: 'evt_poison' })
    .update({ status: 'done', outcome: null, processed_at: clock.now() });
  expect((await world.problems()).find(({ id }) => id === 'paid_without_change')).toMatchObject({
    remedy: 'webhook replay evt_poison',
    team: 'Billing engineering',
    evidence: [expect.stringContaining('nothing says that anything changed or why not')],
  });
});

test('a change without a trace, refused signatures, a mail that was lost', async () => {
  const world = await diagnosisWorld();
  const { truth, receive, drain, clock, database, deps } = world;
  const mend = await dropWrites(database, 'audit_events', 'insert');
  await receive(
    events.subscription(
      'updated',
      Object.assign(truth.subscriptions.get('sub_1') ?? { id: '', customer: '' }, { status: 'past_due' }),
    ),
  );
  truth.payInvoice('sub_1', { status: 'open', paidAt: null });
  await drain();
  await mend();
  expect((await world.problems()).find(({ id }) => id === 'correlation_missing')).toMatchObject({
    team: 'DevOps',
    remedy: expect.stringMatching(/^trace --email sofia@firm\.com --around 2026-11-21T/),
  });

  await addRejects(database.knex, [
    { minuteAt: clock.now(), reason: 'bad_signature', count: 9, detail: 'No secret matches.' },
  ]);
  expect((await world.problems()).find(({ id }) => id === 'signatures_refused')).toMatchObject({
    sentence: expect.stringContaining('9 of 9 refused deliveries match no secret'),
    team: 'Stripe support',
    remedy: 'webhook health',
  });

  await database.knex('mails').update({ state: 'dead', error: 'No such mailbox' });
  expect((await world.problems()).find(({ id }) => id === 'mail_undelivered')).toMatchObject({
    remedy: 'payment mail sofia@firm.com --preview start',
    evidence: [expect.stringContaining('ended dead: No such mailbox')],
  });
  expect(deps.settings.teams.devops.name).toBe('DevOps');
});

test.each([
  ['is away', stripeDown],
  ['never answers', () => new Promise<void>(() => {})],
])(
  'when Stripe %s, everything else is told, within two seconds, with the moment it is from',
  async (_how, onCall) => {
    const world = await diagnosisWorld();
    world.truth.onCall = onCall;

    const since = performance.now();
    const { checks, stripe } = await world.diagnose();
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(stripe.askedAt).toBeNull();
    expect(stripe.notAskedBecause).toContain('Stripe does not answer');
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toMatchObject([
      { id: 'portal_error', verdict: 'unknown' },
    ]);
    world.runner.stripe = null;
    const typed = await world.lucy(line);
    expect(typed.out).toContain('1 row of the runbook could not be answered.');
    expect(typed.out).toContain('What is told here is as of 2026-11-21 09:00 UTC.');
  },
);

test('a customer with 10,000 ledger entries is diagnosed within two seconds', async () => {
  const world = await diagnosisWorld();
  const { knex } = world.database;
  const account = await knex('credit_accounts').first();
  const rows = Array.from({ length: 10_000 }, (_none, index) => ({
    id: `led_zzz${String(index).padStart(8, '0')}`,
    account_id: account.id,
    seq: account.next_seq + index,
    type: 'expire',
    amount: 0,
    balance_after: account.balance,
    idempotency_key: `many:${index}`,
    fingerprint: '',
    source_kind: 'lot',
    source_id: `lot_${index}`,
    actor: 'schedule',
    correlation_id: `cor_${index}`,
    at: world.clock.now(),
  }));
  await knex.batchInsert('credit_entries', rows, 500);
  await knex('credit_accounts').update({ next_seq: account.next_seq + rows.length });

  await world.diagnose();
  const since = performance.now();
  const { checks } = await world.diagnose();
  expect(performance.now() - since).toBeLessThan(2_000);
  expect(checks.every(({ verdict }) => verdict === 'ok')).toBe(true);
}, 30_000);

test('every role may ask, nobody else, and a customer who is not there is told as such', async () => {
  const world = await diagnosisWorld();

  for (const role of ['support', 'billing', 'oncall'] as const)
    expect((await world.lucy(line, staff(role))).code, role).toBe(0);
  expect((await world.lucy(line, staff())).code).toBe(3);
  expect((await world.lucy('customer diagnose nobody@firm.com')).code).toBe(5);
  expect((await world.lucy('customer diagnose')).code).toBe(2);
});
