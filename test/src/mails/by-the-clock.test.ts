import { expect, test } from 'vitest';
import { dunningWorld, HOUR_MS } from '#test/world/dunning-world.ts';

test('a payment that never comes: told at once, a day before the end, and at the end', async () => {
  const world = await dunningWorld();
  await world.fails();

  expect(await world.post()).toEqual(['Your payment for Acme did not go through']);
  const first = world.mailbox.mails()[0];
  expect(first?.envelope).toEqual({ from: 'billing@acme.example', to: ['sofia@firm.com'] });
  expect(first?.text).toContain('There is not enough money on the card’s account.');
  expect(first?.text).toMatch(/We try your card again on .* UTC, which is too late to keep everything\./);
  expect(first?.text).toMatch(/https:\/\/billing\.stripe\.com\/p\/session\//);
  expect(first?.text).toMatch(/https:\/\/invoice\.stripe\.com\//);
  expect(first?.text).toContain('help@acme.example');
  expect(first?.html).toContain('Open the billing portal');

  await world.after(48 * HOUR_MS - 1);
  expect(await world.post()).toEqual([]);
  await world.after(1);
  expect(await world.post()).toEqual([
    expect.stringMatching(/^Until .*: your payment for Acme is still open$/),
  ]);
  expect(world.mailbox.mails()[1]?.text).toContain('After that your account goes down to free.');

  await world.after(24 * HOUR_MS);
  expect(await world.post()).toEqual(['Your access to Acme has changed']);
  await world.after(24 * HOUR_MS);
  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start sent', 'reminder sent', 'expired sent']);
});

test('a grace of a day is reminded of at half time', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  await world.post();

  await world.after(12 * HOUR_MS - 1);
  expect(await world.post()).toEqual([]);
  await world.after(1);
  expect(await world.post()).toEqual([expect.stringMatching(/^Until /)]);
  await world.after(12 * HOUR_MS);
  expect(await world.post()).toEqual(['Your access to Acme has changed']);
});

test('a grace of a few hours has no reminder: the first mail is that', async () => {
  const world = await dunningWorld({ graceHours: 8 });
  await world.fails();
  await world.post();

  await world.after(8 * HOUR_MS - 1);
  expect(await world.post()).toEqual([]);
});

test('a late payment is thanked for, even after the end', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  await world.post();
  await world.after(80 * HOUR_MS);
  await world.post();

  world.stripe.world.payInvoice(invoice);
  await world.booked();

  expect(await world.post()).toEqual(['Thank you: your payment for Acme arrived']);
  expect(world.mailbox.mails().at(-1)?.text).toContain(
    'your account is on pro. There is nothing more to do.',
  );
  expect(world.mailbox.mails().at(-1)?.text).not.toContain('https://billing');
});

test('whoever paid before the mail went out hears of neither', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  world.stripe.world.payInvoice(invoice);
  await world.booked();

  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start skipped', 'recovered skipped']);
});

test('paid at Stripe, and the webhook is late: Stripe is asked before anything is sent', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  world.stripe.world.payInvoice(invoice);

  expect(await world.post()).toEqual([]);
  expect(await world.database.knex('mails')).toMatchObject([
    { stage: 'start', state: 'skipped', error: 'The customer paid meanwhile.' },
  ]);
});

test('a locked customer gets no mail', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.database.knex('entitlements').update({ access: 'locked' });

  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start skipped']);
});

test('whoever keeps the tier by hand is not threatened with its end', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.as('ada', 'tier set sofia@firm.com pro --reason "pays by invoice now"');
  await world.after(80 * HOUR_MS);

  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start skipped', 'reminder skipped', 'expired skipped']);
});

test('a later retry, and an event that comes twice, tell nobody twice', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  await world.post();
  world.stripe.world.failInvoice(invoice);
  await world.booked();
  await world.booked();

  expect(await world.post()).toEqual([]);
});

test('none left: the mail says that nobody tries again, and so does the billing channel, once', async () => {
  const world = await dunningWorld();
  const lost = { code: 'card_declined', declineCode: 'stolen_card', message: 'Your card was declined.' };
  const invoice = await world.fails({ decline: lost, last: true });
  await world.booked();
  await world.post();

  const { text, html } = world.mailbox.mails()[0] ?? { text: '', html: '' };
  expect(text).toContain('We will not try your card again by ourselves');
  // Stripe asks to keep to a generic decline where a thief might read it.
  expect(`${text}${html}`).not.toMatch(/stolen/i);
  const told = await world.database.knex('outbox').where({ target: 'billing' }).pluck('payload');
  expect(told.map((payload) => JSON.parse(payload).title)).toEqual([
    `Stripe will not try again to collect ${invoice} of sofia@firm.com.`,
  ]);
});

test('without portal settings the mail goes without its link, and still says where to pay', async () => {
  const world = await dunningWorld();
  const { portalConfigurations } = world.stripe.world.tables;
  for (const configuration of portalConfigurations.newestFirst()) configuration.active = false;
  await world.fails();

  expect(await world.post()).toHaveLength(1);
  const { text } = world.mailbox.mails()[0] ?? { text: '' };
  expect(text).not.toContain('billing.stripe.com');
  expect(text).toContain('https://invoice.stripe.com/');
});

test('Stripe away: the mail waits for it', async () => {
  const world = await dunningWorld();
  await world.fails();
  world.stripe.faults.down?.(true);
  expect(await world.post()).toEqual([]);
  world.stripe.faults.down?.(false);
  await world.after(60_000);

  expect(await world.post()).toHaveLength(1);
});

test('mail is off: nothing is sent, and the log and the row say why', async () => {
  const world = await dunningWorld();
  world.mails.mail = null;
  await world.fails();

  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start skipped']);
  expect(world.logs).toContainEqual(expect.objectContaining({ event: 'mail_skipped', stage: 'start' }));
});
