import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processWorld } from '#test/world/processes.ts';

test('Lucy starts on an anonymised copy and answers about a customer of it, but never with live keys', async () => {
  const world = await processWorld();
  const { stripe, terminal, show, until } = world;
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const added = ['customer', 'add', 'sofia@firm.com', '--stripe', customer.id, '--reason', 'new', '--yes'];
  expect((await terminal(added)).code).toBe(0);
  await world.start();
  stripe.world.subscribe(customer.id, 'pro_monthly');
  await stripe.deliverPending();
  const original = await until(
    () => show('sofia@firm.com'),
    (value) => value.credits.balance === 500,
  );
  const folder = await mkdtemp(join(tmpdir(), 'lucy-export-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'copy.db');

  // The original runs on while it is copied.
  const exported = await terminal([
    ...['customer', 'export', 'sofia@firm.com', '--anonymized'],
    ...['--reason', 'bug', '--out', path, '--json'],
  ]);
  expect(exported.code).toBe(0);
  const { customer: alias } = JSON.parse(exported.out);
  await world.lucy?.stop();

  const DATABASE_URL = `sqlite:${path}`;
  const lucy = await world.start({ DATABASE_URL });
  expect((await fetch(`http://127.0.0.1:${lucy.port}/health`)).status).toBe(200);
  const shown = await terminal(['customer', 'show', alias, '--json'], { DATABASE_URL });
  expect(JSON.parse(shown.out)).toMatchObject({
    email: alias,
    tier: original.tier,
    access: original.access,
    credits: original.credits,
  });
  const sealed = await until(
    () => terminal(['audit', 'verify'], { DATABASE_URL }),
    ({ out }) => out.includes('0 rows'),
  );
  expect(sealed.out).toContain('This is an anonymised copy');
  await lucy.stop();
  const live = { DATABASE_URL, STRIPE_SECRET_KEY: 'sk_live_x' };
  await expect(world.start(live)).rejects.toThrow('the Stripe key is one of live mode');
  const refused = await terminal(['customer', 'show', alias], live);
  expect(refused).toMatchObject({ code: 78, out: '' });
  expect(refused.err).toContain(
    'This database is an anonymised copy, and the Stripe key is one of live mode',
  );
  expect(refused.err).toContain(
    'Set STRIPE_SECRET_KEY to a key of test mode, or DATABASE_URL to another database.',
  );
  const inJson = await terminal(['customer', 'show', alias, '--json'], live);
  expect(JSON.parse(inJson.out).error).toMatchObject({
    code: 'settings',
    hint: expect.stringContaining('test mode'),
  });
}, 120_000);
