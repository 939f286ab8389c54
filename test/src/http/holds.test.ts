import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';

const sofia = { email: 'sofia@firm.com' };

async function holding(amount: number, options: { grant?: number; expiresIn?: number } = {}) {
  const world = await apiWorld();
  await world.grant(options.grant ?? 10);
  const { expiresIn } = options;
  const body = { ...sofia, amount, ...(expiresIn === undefined ? {} : { expiresIn }) };
  const reserved = await world.post('/api/credits/holds', body, 'hold-1');
  expect(reserved.status).toBe(201);
  const id: string = reserved.json.hold;
  return {
    ...world,
    id,
    reserved,
    settle: (cost: number, hold = id) => world.post(`/api/credits/holds/${hold}/settle`, { amount: cost }),
    release: (hold = id) => world.post(`/api/credits/holds/${hold}/void`, {}),
    look: async (hold = id) => (await world.call('GET', `/api/credits/holds/${hold}`)).json,
  };
}

test('credits are reserved: they stay in the balance, and nobody else can spend them', async () => {
  const { reserved, credits, post, look, lucy } = await holding(8);

  const other = await post('/api/credits/consume', { ...sofia, amount: 3 }, 'act-1');

  expect(reserved.json).toMatchObject({ amount: 8, covered: 8, state: 'open', cost: null, spent: 0 });
  expect(await look()).toEqual(reserved.json);
  expect(await credits()).toEqual({ balance: 10, held: 8, debt: 0, spendable: 2 });
  expect([other.status, other.json.error.spendable]).toEqual([409, 2]);
  const shown = (await lucy('customer show sofia@firm.com --json')).json();
  expect(shown.credits).toMatchObject({ balance: 10, held: 8 });
});

test('settling spends what the call cost and lets the rest go; again it is the same answer', async () => {
  const { settle, credits, unbalanced, rows } = await holding(8);

  const first = await settle(5);
  const again = await settle(5);

  expect(first.json).toMatchObject({ state: 'settled', cost: 5, spent: 5, covered: 0 });
  expect([again.status, again.text]).toEqual([200, first.text]);
  expect(await credits()).toEqual({ balance: 5, held: 0, debt: 0, spendable: 5 });
  expect(await unbalanced()).toBe(0);
  expect(
    (await rows('audit_events'))
      .filter((row) => row.surface === 'api')
      .map((row) => row.command)
      .sort(),
  ).toEqual(['credits hold', 'credits hold settle']);
});

test('a call that cost nothing settles with 0, and has no ledger entry', async () => {
  const { settle, credits, rows } = await holding(8);

  const { json } = await settle(0);

  expect(json).toMatchObject({ state: 'settled', cost: 0, spent: 0, entry: null });
  expect((await credits()).spendable).toBe(10);
  expect((await rows('credit_entries')).map((row) => row.type)).toEqual(['grant']);
});

test.each([
  ['more than was held', 9, 400, 'The hold', 'cannot be settled on it'],
  ['half a credit', 0.5, 400, '“amount” must be', ''],
  ['less than nothing', -1, 400, '“amount” must be', ''],
])('settling %s is refused', async (_what, cost, status, start, rest) => {
  const { settle, credits } = await holding(8);

  const answer = await settle(cost);

  expect(answer.status).toBe(status);
  expect(answer.json.error.message).toContain(start);
  expect(answer.json.error.message).toContain(rest);
  expect((await credits()).held).toBe(8);
});

test('void lets everything go, and may be sent again; settling afterwards is refused, with what to do', async () => {
  const { release, settle, credits } = await holding(8);

  const first = await release();
  const again = await release();
  const late = await settle(5);

  expect(first.json).toMatchObject({ state: 'void', spent: 0, covered: 0 });
  expect(again.text).toBe(first.text);
  expect([late.status, late.json.error.hint]).toEqual([
    409,
    'Its credits were let go. Consume what the call cost with POST /api/credits/consume.',
  ]);
  expect(await credits()).toEqual({ balance: 10, held: 0, debt: 0, spendable: 10 });
});

test('what was settled is neither voided nor settled with another amount', async () => {
  const { settle, release, credits } = await holding(8);
  await settle(5);

  const answers = [await settle(6), await release()];

  expect(answers.map(({ status }) => status)).toEqual([409, 409]);
  expect(answers[0]?.json.error.message).toMatch(
    /was settled with 5 credits at .* so nothing was changed\.$/,
  );
  expect((await credits()).balance).toBe(5);
});

test('a product that dies in the middle of a call: the hold runs out at its second and the balance is restored (row 42)', async () => {
  const { clock, timers, credits, look, rows, unbalanced } = await holding(8, { expiresIn: 60 });

  clock.advance(59_999);
  await timers();
  expect((await credits()).held).toBe(8);
  clock.advance(1);
  await timers();

  expect(await credits()).toEqual({ balance: 10, held: 0, debt: 0, spendable: 10 });
  expect(await look()).toMatchObject({ state: 'expired', spent: 0 });
  expect(await unbalanced()).toBe(0);
  const expired = (await rows('audit_events')).filter((row) => row.command === 'credits hold expire');
  expect(expired).toHaveLength(1);
  expect(expired[0]).toMatchObject({
    actor_id: 'schedule',
    reason: 'The call did not come back, so its credits were let go.',
  });
});

test('what ran out is not settled, even before the timer has come by; voiding it is fine', async () => {
  const { clock, timers, settle, release, credits } = await holding(8, { expiresIn: 60 });
  clock.advance(60_000);

  const early = await settle(5);
  await timers();
  const late = await settle(5);
  const voided = await release();

  expect([early, late].map(({ status }) => status)).toEqual([409, 409]);
  expect(early.json.error.message).toContain('ran out at');
  expect([voided.status, voided.json.state]).toEqual([200, 'expired']);
  expect((await credits()).balance).toBe(10);
});

test('reserving the same again is the same hold', async () => {
  const { post, reserved, credits } = await holding(4);

  const again = await post('/api/credits/holds', { ...sofia, amount: 4 }, 'hold-1');

  expect([again.status, again.text]).toEqual([201, reserved.text]);
  expect((await credits()).held).toBe(4);
});

test('50 calls reserve 7 of 10 at once: exactly one gets them', async () => {
  const { grant, post, credits, unbalanced } = await apiWorld();
  await grant(10);

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      post('/api/credits/holds', { ...sofia, amount: 7 }, `h-${index}`),
    ),
  );

  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ json }) => json.error?.code === 'insufficient_credits')).toHaveLength(49);
  expect(await credits()).toEqual({ balance: 10, held: 7, debt: 0, spendable: 3 });
  expect(await unbalanced()).toBe(0);
});

test('settle, void and expiry at once: the hold ends once', async () => {
  const { settle, release, credits, unbalanced } = await holding(8);

  const answers = await Promise.all([settle(5), release(), settle(5), release(), settle(3)]);

  expect(answers.map(({ status }) => status).every((status) => status === 200 || status === 409)).toBe(true);
  const states = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
  expect(states.size).toBe(1);
  const { balance, held } = await credits();
  expect([held, [2, 5, 7, 10].includes(balance)]).toEqual([0, true]);
  expect(await unbalanced()).toBe(0);
});

test('held credits that lapse are gone: the newest hold loses its cover, and settling spends what is there', async () => {
  const { clock, grant, post, settle, look, credits, unbalanced, id } = await holding(6, { grant: 6 });
  await grant(4, { expiresAt: clock.now() + 60_000 });
  const { json: second } = await post('/api/credits/holds', { ...sofia, amount: 4 }, 'hold-2');
  clock.advance(60_000);
  const lateSettle = await settle(4, second.hold);
  const firstSettle = await settle(6);

  expect(lateSettle.json).toMatchObject({ state: 'settled', cost: 4, spent: 0, entry: null });
  expect(firstSettle.json).toMatchObject({ hold: id, cost: 6, spent: 6 });
  expect(await credits()).toEqual({ balance: 0, held: 0, debt: 0, spendable: 0 });
  expect(await look(second.hold)).toMatchObject({ covered: 0 });
  expect(await unbalanced()).toBe(0);
});

test('frozen lots are not spent by a hold, and other holds keep what is theirs', async () => {
  const { grant, post, settle, credits, unbalanced, database } = await holding(5, { grant: 7 });
  await grant(3);
  const { json: second } = await post('/api/credits/holds', { ...sofia, amount: 5 }, 'hold-2');
  await database.knex('credit_lots').where({ granted: 3 }).update({ frozen_at: 1 });

  const first = await settle(5);
  const last = await settle(5, second.hold);

  expect([first.json.spent, last.json.spent]).toEqual([5, 2]);
  expect(await credits()).toEqual({ balance: 3, held: 0, debt: 0, spendable: 0 });
  expect(await unbalanced()).toBe(0);
});

test('an account that holds something else than its open holds is found by the nightly proof', async () => {
  const { database, unbalanced, rows } = await holding(5);
  await database.knex('credit_accounts').update({ held: 4 });

  expect(await unbalanced()).toBe(1);
  expect((await rows('findings'))[0]?.summary).toContain('4 are held, and its open holds say 5.');
});

test('a hold of nobody, and an id that is none', async () => {
  const { settle, call } = await holding(1);

  const unknown = await settle(1, `hold_${'0'.repeat(26)}`);
  const wrong = await Promise.all(
    ['x', 'hold_%00', '%E0%A4%A', "hold_' or 1=1"].map((id) => call('GET', `/api/credits/holds/${id}`)),
  );

  expect([unknown.status, unknown.json.error.code]).toEqual([404, 'not_found']);
  expect(wrong.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
});
