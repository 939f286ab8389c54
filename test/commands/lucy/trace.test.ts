import { expect, test } from 'vitest';
import { MINUTE_MS } from '#src/core/clock.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { idIn, runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

type Traced = { timeline: { kind: string; id: string; sentence: string }[]; correlationIds: string[] };

test('a ticket, a run, an entry, an audit row and a correlation id all lead to the same things', async () => {
  const { lucy, done, rows } = await sofiaWorld();
  const typed = await done('credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  const [audit] = await rows<{ id: string }>('audit_events', { command: 'credits grant' });
  const ids = ['ZD-812', runOf(typed), idIn(typed, 'led'), audit?.id ?? '', idIn(typed, 'cor')];

  const traced = await Promise.all(ids.map(async (id) => (await lucy(`trace ${id} --json`)).json<Traced>()));

  for (const { timeline, correlationIds } of traced) {
    expect(timeline.map((moment) => moment.kind)).toEqual(['audit', 'ledger', 'message']);
    expect(correlationIds).toEqual([idIn(typed, 'cor')]);
  }
  const shown = await lucy('trace ZD-812');
  expect(shown.out).toContain('ZD-812 leads to 3 things.');
  expect(shown.out).toContain('terminal:admin ran “credits grant”: lost upload, ZD-812.');
  expect(shown.out).toContain('100 credits granted, which left 100: lost upload.');
});

test('an event leads to the change it caused and the message; so do its customer, subscription and payment', async () => {
  const { truth, receive, drain, lucy, database } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  const invoice = truth.payInvoice(subscription.id);
  await receive(events.invoice('paid', invoice, 'evt_paid'));
  await receive(events.subscription('updated', subscription, 'evt_sub'));
  await drain();
  const [change] = await database.knex('entitlement_changes');

  const kinds = async (id: string) => {
    const { timeline } = (await lucy(`trace ${id} --json`)).json<Traced>();
    return new Set(timeline.map((moment) => moment.kind));
  };

  expect(await kinds('evt_paid')).toEqual(
    new Set(['event', 'audit', 'ledger', 'entitlement_change', 'message']),
  );
  for (const id of [sofia.stripe, subscription.id, invoice.id, change.id])
    expect(await kinds(id), id).toContain('entitlement_change');
  expect(await kinds(invoice.paymentIntentId ?? '')).toContain('ledger');
  expect((await lucy('trace evt_paid')).out).toContain('Stripe sent invoice.paid; it is done');
});

test('a price leads to whoever pays for it while no plan maps it', async () => {
  const { truth, receive, drain, lucy } = await billingWorld();
  await receive(events.subscription('updated', truth.subscribe(sofia.stripe, 'price_unknown')));
  await drain();

  const typed = await lucy('trace price_unknown');
  expect(typed.code).toBe(0);
  expect(typed.out).toContain('sofia@firm.com pays for price_unknown, which no plan maps');
  expect((await lucy('trace price_unknow')).out).not.toContain('sofia@firm.com');
});

test('an undone run leads to its undoing', async () => {
  const { lucy, done } = await sofiaWorld();
  const run = runOf(await done('credits grant sofia@firm.com 100 --reason "lost upload"'));
  await done(`undo ${run} --reason "wrong customer"`);

  const typed = await lucy(`trace ${run}`);

  expect(typed.out).toContain('terminal:admin ran “undo”: wrong customer.');
  expect(typed.out).toContain('100 credits taken back, which left 0');
});

test('a customer around a time: what happened within the window, and nothing else', async () => {
  const { lucy, done, clock } = await sofiaWorld();
  clock.advance(60 * MINUTE_MS);
  await done('credits grant sofia@firm.com 1 --reason "at ten"');
  clock.advance(60 * MINUTE_MS);
  await done('credits grant sofia@firm.com 2 --reason "at eleven"');

  const atTen = await lucy('trace --email sofia@firm.com --around 10:10');
  const iso = await lucy('trace --email sofia@firm.com --around 2026-11-21T10:31:00+00:30 --json');
  const wide = await lucy('trace --email sofia@firm.com --around 10:30 --window 2h --json');
  const empty = await lucy('trace --email sofia@firm.com --around 2026-11-20T10:00');

  expect(atTen.out).toContain('at ten');
  expect(atTen.out).not.toContain('at eleven');
  expect(iso.json<Traced>().timeline).toHaveLength(3);
  expect(wide.json<Traced>().timeline.map((moment) => moment.kind)).toContain('audit');
  expect(wide.out).toContain('at eleven');
  expect(empty.code).toBe(5);
  expect(empty.err).toContain(
    'Nothing of sofia@firm.com happened within 30 minutes of 2026-11-20 10:00 UTC.',
  );
});

test('a long trail shows its newest ten lines, neighbours that say the same as one, and each act once', async () => {
  const { lucy, done, clock } = await sofiaWorld();
  const refuse = () =>
    lucy('credits grant sofia@firm.com 5 --reason "let me" --ticket ZD-9 --yes', staff('oncall'));
  for (let time = 0; time < 3; time++) await refuse();
  const folded = await lucy('trace ZD-9');
  for (let count = 1; count <= 6; count++) {
    clock.advance(MINUTE_MS);
    await done(`credits grant sofia@firm.com ${count} --reason "goodwill" --ticket ZD-9`);
  }

  const shown = await lucy('trace ZD-9');

  expect(folded.out.match(/was refused/g)).toHaveLength(1);
  expect(folded.out).toContain('let me, ZD-9. (×3)');
  expect(shown.out).toMatch(/Timeline \(the newest 10 of 13\)/);
  expect(shown.out).not.toContain('was refused');
  expect(shown.out).not.toContain('A message to');
  expect(shown.out).not.toMatch(/^(Commands|Messages)$/m);
  expect(shown.out).toMatch(/ran “credits grant”: goodwill, ZD-9\. .*run_/);
  expect((await lucy('trace ZD-9 --json')).json<Traced>().timeline).toHaveLength(21);
});

test('a refused attempt is on the trail too', async () => {
  const { lucy } = await sofiaWorld();
  const refused = await lucy(
    'credits grant sofia@firm.com 5 --reason "let me" --ticket ZD-7 --yes',
    staff('oncall'),
  );
  expect(refused.code).toBe(3);

  expect((await lucy('trace ZD-7')).out).toContain(
    'terminal:oncall was refused “credits grant”: let me, ZD-7.',
  );
});

test.each([
  ['trace nothing-at-all', 5, 'What else it takes: lucy help trace'],
  ['trace', 2, 'Give one id, or a customer and a time'],
  ['trace ZD-1 --email sofia@firm.com --around 10:00', 2, 'Give one id, or a customer and a time'],
  ['trace sofia@firm.com', 2, 'trace --email sofia@firm.com --around 14:30'],
  ['trace --email sofia@firm.com', 2, 'Give one id, or a customer and a time'],
  ['trace --email sofia@firm.com --around 25:00', 2, '“25:00” is no time.'],
  ['trace --email sofia@firm.com --around noon', 2, 'Give 14:30 for today in UTC'],
  ['trace --email sofia@firm.com --around 10:00 --window long', 2, 'Give 30m, 6h or 2d.'],
  ['trace --email max@firm.com --around 10:00', 5, 'There is no customer max@firm.com.'],
])('“%s” exits %i with a sentence', async (line, code, sentence) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(line);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('someone without any role is refused', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('trace ZD-812', staff())).code).toBe(3);
});
