import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';
import { type RefundWorld, refundWorld } from '#test/world/refund-world.ts';

type Shown = {
  tier: string;
  access: string;
  lock: null | { by: string; reason: string; ticket: string | null };
  credits: { balance: number };
  entitlementChanges: { to: { access: string }; reason: string }[];
};

const lockLine = 'customer lock sofia@firm.com --reason "stolen card" --ticket ZD-840';

async function paying() {
  const world = await refundWorld();
  const bought = world.subscribed();
  await world.booked();
  return { ...world, ...bought };
}

async function shown(world: RefundWorld): Promise<Shown> {
  return (await world.as('sam', 'customer show sofia@firm.com --json')).json<Shown>();
}

async function ask(world: RefundWorld, user: string, line: string): Promise<string> {
  const typed = await world.as(user, `${line} --json`);
  if (typed.code !== 4) throw new Error(`Nobody was asked: ${typed.code} ${typed.out}${typed.err}`);
  return typed.json<{ approval: string }>().approval;
}

test('Olu locks a customer with one click: the tier stays, the access goes, and everybody can see why', async () => {
  const world = await paying();

  const typed = await world.as('olu', lockLine);

  expect(typed.code, typed.err).toBe(0);
  expect(typed.out).toContain('sofia@firm.com locked for fraud.');
  expect(typed.out).toContain('Access: full → locked');
  expect(await shown(world)).toMatchObject({
    tier: 'pro',
    access: 'locked',
    lock: { by: 'Olu', reason: 'stolen card', ticket: 'ZD-840' },
    credits: { balance: 500 },
  });
  const { out } = await world.as('sam', 'customer show sofia@firm.com');
  expect(out).toContain('sofia@firm.com is locked for fraud, on pro with 500 credits.');
  expect(out).toContain('For fraud, by Olu since 2026-11-21 09:00 UTC, “stolen card” (ZD-840)');
  expect((await shown(world)).entitlementChanges[0]).toMatchObject({
    to: { access: 'locked' },
    reason: 'Locked for fraud: stolen card',
  });
  expect(world.logs.filter((line) => line.action === 'customer_locked')).toHaveLength(1);
});

test('the preview warns that Stripe goes on charging, and of refunds that were asked for', async () => {
  const world = await paying();
  await ask(world, 'sam', `refund request ${world.charge.id} --reason "paid twice"`);

  const { out } = await world.as('bea', `${lockLine} --dry-run`);

  expect(out).toContain(
    `Stripe goes on charging for ${world.subscription}. To end it: subscription cancel ${world.subscription} --at now`,
  );
  expect(out).toContain('and it waits for approval');
  expect((await shown(world)).lock).toBeNull();
});

test('whatever is paid and set by hand, the lock stays (row 59)', async () => {
  const world = await paying();
  await world.as('bea', lockLine);

  world.stripe.world.cancelNow(world.subscription);
  await world.booked();
  expect(await shown(world)).toMatchObject({ tier: 'free', access: 'locked' });
  world.subscribed();
  await world.booked();
  await world.as('ada', 'tier set sofia@firm.com enterprise --reason "she called"');

  const now = await shown(world);
  expect(now).toMatchObject({ tier: 'enterprise', access: 'locked' });
  // What she paid for has arrived.
  expect(now.credits.balance).toBe(1_000);
  expect((await world.database.knex('customer_locks').whereNull('ended_at')).length).toBe(1);
});

test('credits arrive, and cannot be spent until the lock ends', async () => {
  const world = await paying();
  await world.as('bea', lockLine);

  const spent = await world.as('ada', 'credits consume sofia@firm.com 10 --reason "used"');
  const granted = await world.as('ada', 'credits grant sofia@firm.com 10 --reason "kindness"');

  expect(spent.code).toBe(3);
  expect(spent.err).toContain('sofia@firm.com is locked for fraud, so their credits cannot be spent');
  expect(spent.err).toContain('customer unlock sofia@firm.com');
  expect(granted.code).toBe(4);
  expect((await shown(world)).credits.balance).toBe(500);
});

test('nothing is refunded while the lock holds, and a request that waits cannot be approved', async () => {
  const world = await paying();
  const approval = await ask(world, 'sam', `refund request ${world.charge.id} --reason "paid twice"`);
  await world.as('bea', lockLine);

  expect(await world.refused(world.charge.id)).toContain(
    'sofia@firm.com is locked for fraud, and until the lock ends nothing is refunded: by Bea since',
  );
  const approved = await world.as('bo', `approval approve ${approval} --reason "fine"`);

  expect(approved.code).not.toBe(0);
  expect(approved.err + approved.out).toContain('locked for fraud');
  expect(await world.database.knex('stripe_effects')).toEqual([]);
});

test('who locked it cannot end it alone: Bo says yes, and the tier that is paid for is there again', async () => {
  const world = await paying();
  await world.as('bea', lockLine);

  const approval = await ask(
    world,
    'bea',
    'customer unlock sofia@firm.com --reason "the bank cleared it" --ticket ZD-840',
  );
  expect((await shown(world)).access).toBe('locked');
  const own = await world.as('bea', `approval approve ${approval} --reason "mine"`);
  const other = await world.as('bo', `approval approve ${approval} --reason "checked"`);

  expect([own.code, other.code]).toEqual([3, 0]);
  expect(await shown(world)).toMatchObject({ tier: 'pro', access: 'full', lock: null });
  const [lock] = await world.database.knex('customer_locks');
  expect(lock).toMatchObject({
    reason: 'stolen card',
    ended_name: 'Bea',
    ended_reason: 'the bank cleared it',
  });
  expect((await world.as('ada', 'credits consume sofia@firm.com 10 --reason "used"')).code).toBe(0);
});

test('undo of a lock is its end, and asks a second person too', async () => {
  const world = await paying();
  const locked = (await world.as('olu', `${lockLine} --json`)).json<{ run: string }>();

  const undone = await world.as('olu', `undo ${locked.run} --reason "wrong customer" --json`);

  expect(undone.code).toBe(4);
  expect((await shown(world)).access).toBe('locked');
  const { approval } = undone.json<{ approval: string }>();
  await world.as('bea', `approval approve ${approval} --reason "checked"`);
  expect(await shown(world)).toMatchObject({ access: 'full', lock: null });
});

test('Sam from support asks, and billing answers', async () => {
  const world = await paying();

  const approval = await ask(world, 'sam', lockLine);
  await world.as('bea', `approval approve ${approval} --reason "seen it"`);

  expect(await shown(world)).toMatchObject({ access: 'locked', lock: { by: 'Sam' } });
});

test.each([
  ['locking twice', [lockLine, lockLine], 'sofia@firm.com is locked already: by Bea since'],
  ['unlocking who is not locked', ['customer unlock sofia@firm.com --reason "why not"'], 'is not locked'],
  ['locking nobody', ['customer lock gone@firm.com --reason "fraud"'], 'There is no customer gone@firm.com'],
])('%s is refused, and changes nothing', async (_what, lines, sentence) => {
  const world = await paying();

  let last = '';
  for (const line of lines) last = (await world.as('bea', line)).err;

  expect(last).toContain(sentence);
  expect(await world.database.knex('customer_locks')).toHaveLength(lines.length - 1);
});

test('of two who lock at once one does, and the other is told', async () => {
  const world = await paying();

  const typed = await Promise.all([world.as('bea', lockLine), world.as('olu', lockLine)]);

  expect(typed.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(typed.map(({ err }) => err).join('')).toContain('is locked already');
  expect(await world.database.knex('customer_locks')).toHaveLength(1);
});

test('the database itself keeps who locked whom, and a lock that has ended', async () => {
  const world = await paying();
  await world.as('bea', lockLine);
  const locks = () => world.database.knex('customer_locks');

  await expect(locks().update({ reason: 'nothing' })).rejects.toThrow('cannot be rewritten');
  await expect(locks().delete()).rejects.toThrow('append-only');
  await expect(locks().update({ ended_at: 9e12 })).rejects.toThrow();
  await locks().update({
    ended_at: 9e12,
    ended_by: 'terminal:bo',
    ended_name: 'Bo',
    ended_reason: 'cleared',
  });
  await expect(locks().update({ ended_reason: 'other' })).rejects.toThrow('cannot be rewritten');
});

test('a refund that was approved and is not sent yet is not sent once the customer is locked', async () => {
  const world = await answerWorld();
  const charge = world.paid(4_900);
  await world.approves(await world.asks(`refund request ${charge.id}`, 'sam'), 'bea');
  await world.as('bea', lockLine);

  await world.carried();

  expect(world.posted()).toEqual([]);
  const [effect] = await world.effects();
  expect(effect).toMatchObject({ state: 'failed' });
  expect(effect?.failure).toContain('The customer was locked for fraud before it was sent (by Bea since');
  expect(effect?.failure).toContain('“customer unlock”');
});
