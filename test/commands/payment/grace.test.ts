import { expect, test } from 'vitest';
import { isoTime } from '#src/core/clock.ts';
import { type DunningWorld, dunningWorld, HOUR_MS } from '#test/world/dunning-world.ts';
import { idIn, runOf } from '#test/world/sofia-world.ts';

const DAY_MS = 24 * HOUR_MS;
const because = '--reason "new card is in the mail"';

async function standing(world: DunningWorld) {
  const [grace] = await world.database.knex('grace_periods');
  const timers = await world.database.knex('timers').whereIn('kind', ['grace_deadline', 'grace_reminder']);
  const { tier, access } = (await world.lucy('customer show sofia@firm.com --json')).json<{
    tier: string;
    access: string;
  }>();
  return {
    grace,
    timers: Object.fromEntries(timers.map(({ kind, due_at }) => [kind, due_at])),
    tier,
    access,
  };
}

test('more time within the bounds: one click, with its timers, and the anchor stays', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  const failedAt = world.clock.now();
  await world.after(20 * HOUR_MS);

  const typed = await world.as('sam', `payment grace sofia@firm.com 48h ${because}`);

  expect(typed.code).toBe(0);
  const deadlineAt = failedAt + 68 * HOUR_MS;
  expect(await standing(world)).toMatchObject({
    grace: { state: 'open', started_at: failedAt, deadline_at: deadlineAt },
    timers: { grace_deadline: deadlineAt, grace_reminder: deadlineAt - DAY_MS },
    tier: 'pro',
    access: 'grace',
  });
  await world.after(47 * HOUR_MS);
  expect((await standing(world)).tier).toBe('pro');
  await world.after(HOUR_MS);
  expect((await standing(world)).tier).toBe('free');
});

test('beyond 72 hours in all, somebody of billing has to say yes', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.after(HOUR_MS);

  const asked = await world.as('sam', `payment grace sofia@firm.com 4d ${because}`);
  expect(asked.code).toBe(4);
  expect(asked.out).toContain('alone for up to 3 days');
  expect((await standing(world)).grace.deadline_at - world.clock.now()).toBe(71 * HOUR_MS);

  const approved = await world.as('bea', `approval approve ${idIn(asked, 'apr')} --reason "known customer"`);
  expect(approved.code).toBe(0);
  expect((await standing(world)).grace.deadline_at - world.clock.now()).toBe(4 * DAY_MS);
});

test('a little again and again comes to the same limit', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  await world.after(20 * HOUR_MS);
  expect((await world.as('sam', `payment grace sofia@firm.com 50h ${because}`)).code).toBe(0);
  await world.after(10 * HOUR_MS);

  expect((await world.as('sam', `payment grace sofia@firm.com 50h ${because}`)).code).toBe(4);
});

test('beyond fourteen days nobody may allow it', async () => {
  const world = await dunningWorld();
  await world.fails();

  const typed = await world.as('bea', `payment grace sofia@firm.com 15d ${because}`);
  expect(typed.code).toBe(3);
  expect(typed.err).toContain('A grace lasts 14 days at most');
  expect(typed.err).toContain('tier set sofia@firm.com');
});

test('a grace that is over is opened again, and undo ends it', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  await world.after(30 * HOUR_MS);
  const before = await standing(world);
  expect(before).toMatchObject({ tier: 'free', grace: { state: 'expired' } });

  const typed = await world.as('sam', `payment grace sofia@firm.com 24h ${because}`);
  expect(typed.out).toContain('Tier: free → pro');
  expect(await standing(world)).toMatchObject({ tier: 'pro', access: 'grace', grace: { state: 'open' } });

  const undone = await world.as('sam', `undo ${runOf(typed)} --reason "wrong customer"`);
  expect(undone.code).toBe(0);
  const after = await standing(world);
  expect(after).toMatchObject({ tier: 'free', grace: { state: 'expired' }, timers: {} });
  expect(after.grace.deadline_at).toBe(before.grace.deadline_at);
});

test('undo sets an open grace back to its old deadline', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  const before = await standing(world);
  const typed = await world.as('sam', `payment grace sofia@firm.com 60h ${because}`);

  expect((await world.as('sam', `undo ${runOf(typed)} --reason "wrong customer"`)).code).toBe(0);
  expect(await standing(world)).toEqual({ ...before, grace: before.grace });
});

test('the span that there is anyway, typed a moment after the payment failed, is refused and not previewed', async () => {
  const world = await dunningWorld();
  await world.fails();
  const before = await standing(world);
  world.clock.advance(40_000);

  const again = await world.as('sam', `payment grace sofia@firm.com 48h ${because}`);
  const sameMinute = await world.as(
    'sam',
    `payment grace sofia@firm.com ${isoTime(before.grace.deadline_at + 30_000)} ${because}`,
  );

  expect(again.err).toMatch(/lasts until .* already, so nothing was changed/);
  expect(again.err).toContain('such as: lucy payment grace sofia@firm.com 72h');
  expect(sameMinute.err).toContain('already, so nothing was changed');
  expect(await standing(world)).toEqual(before);
});

test.each([
  ['48h', 'lasts until'],
  ['soon', 'neither a span nor a date'],
  ['2020-01-01', 'cannot end before'],
  ['-3d', 'neither a span nor a date'],
])('%s is refused: it gives no time', async (until, why) => {
  const world = await dunningWorld();
  await world.fails();
  const before = await standing(world);

  const typed = await world.as('bea', `payment grace sofia@firm.com --until=${until} ${because}`);
  expect(typed.code).not.toBe(0);
  expect(typed.err).toContain(why);
  expect(await standing(world)).toEqual(before);
});

test('whoever owes nothing needs no grace, and on-call may not give any', async () => {
  const world = await dunningWorld();
  const typed = await world.as('bea', `payment grace sofia@firm.com 48h ${because}`);
  expect(typed.err).toContain('no payment that is overdue');

  await world.fails();
  expect((await world.as('olu', `payment grace sofia@firm.com 48h ${because}`)).code).toBe(3);
});

test('two overdue subscriptions: Lucy asks which one is meant', async () => {
  const world = await dunningWorld({ graceHours: 24 });
  await world.fails();
  const { subscription: other } = world.subscribed();
  world.stripe.world.renew(other, { payment: 'declined' });
  await world.booked();

  const asked = await world.as('sam', `payment grace sofia@firm.com 48h ${because}`);
  expect(asked.code).not.toBe(0);
  expect(asked.err + asked.out).toContain('has 2 overdue subscriptions: which one is meant?');
  expect(asked.err + asked.out).toContain(`payment grace ${other} 48h`);

  expect((await world.as('sam', `payment grace ${other} 48h ${because}`)).code).toBe(0);
  const graces = await world.database.knex('grace_periods').orderBy('id');
  expect(graces.map((grace) => grace.deadline_at === grace.first_deadline_at)).toEqual([true, false]);
});

test('the reminder moves with the deadline', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.post();
  await world.after(40 * HOUR_MS);
  expect((await world.as('ada', `payment grace sofia@firm.com 72h ${because}`)).code).toBe(4);
  const [{ id }] = await world.database.knex('approvals');
  await world.as('bea', `approval approve ${id} --reason "known customer"`);

  await world.after(40 * HOUR_MS);
  expect(await world.post()).toEqual([]);
  await world.after(8 * HOUR_MS);
  expect(await world.post()).toEqual([expect.stringMatching(/^Until /)]);
});

test('the database itself keeps the anchor and the bounds', async () => {
  const world = await dunningWorld();
  await world.fails();
  const { grace } = await standing(world);
  const set = (patch: object) => world.database.knex('grace_periods').update(patch);

  await expect(set({ started_at: grace.started_at + 1 })).rejects.toThrow('cannot be rewritten');
  await expect(set({ first_deadline_at: grace.deadline_at + 1 })).rejects.toThrow('cannot be rewritten');
  await expect(set({ deadline_at: grace.started_at + 14 * DAY_MS + 1 })).rejects.toThrow('fourteen days');
  await expect(set({ deadline_at: grace.first_deadline_at - 1 })).rejects.toThrow('fourteen days');
  await set({ deadline_at: grace.started_at + 14 * DAY_MS });
});
