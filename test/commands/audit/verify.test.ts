import { expect, test } from 'vitest';
import { publishHead } from '#src/audit/publish-head.ts';
import { sealNext } from '#src/audit/seal.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { dropGuards } from '#test/world/audit-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { cutTail } from '#test/world/tamper.ts';
import { staff } from '#test/world/terminal-world.ts';

type Verified = {
  audit: {
    intact: boolean;
    head: { seq: number; hash: string };
    checked: number;
    problemCount: number;
    problems: { kind: string; seq: number | null; auditId: string | null; sentence: string }[];
    unsealed: { count: number; overdue: boolean };
  };
  error?: { code: string; message: string; hint: string };
};

/** Three audit rows of Sofia's, sealed. */
async function sealedWorld() {
  const world = await sofiaWorld();
  await world.done('credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  await world.done('tier set sofia@firm.com pro --reason "trial"');
  await sealNext(world);
  return world;
}

test('an audit that nobody touched is proved, and says how far', async () => {
  const { lucy } = await sealedWorld();

  const typed = await lucy('audit verify');
  const { audit } = (await lucy('audit verify --json')).json<Verified>();

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('The audit is as it was written: 3 sealed rows checked.');
  expect(typed.out).toContain(`3:${audit.head.hash}`);
  expect(audit).toMatchObject({ intact: true, checked: 3, problemCount: 0, unsealed: { count: 0 } });
});

test('before anything was sealed there is nothing wrong', async () => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy('audit verify');

  expect(typed.code).toBe(0);
  expect(typed.out).toMatch(/0 sealed rows checked.*Head +none yet.*Not sealed yet +1 row/s);
});

test('an altered row is named, the exit is 1, and the JSON says it for a machine', async () => {
  const { lucy, database } = await sealedWorld();
  await dropGuards(database);
  await database.knex('audit_events').where({ ticket: 'ZD-812' }).update({ actor_name: 'Gus' });
  const { audit_id } = await database.knex('audit_seals').where({ seq: 2 }).first();

  const typed = await lucy('audit verify');
  const asJson = await lucy('audit verify --json');

  const sentence = `The audit row ${audit_id} and its seal 2 do not fit: one of them was altered, swapped or put in.`;
  expect(typed.code).toBe(1);
  expect(typed.out).toContain(`The audit was changed behind Lucy’s back. ${sentence}`);
  expect(typed.out).toContain('Keep the database as it is');
  expect(asJson.code).toBe(1);
  expect(asJson.json<Verified>()).toMatchObject({
    error: { code: 'conflict', message: expect.stringContaining(sentence) },
    audit: {
      intact: false,
      problemCount: 1,
      problems: [{ kind: 'altered', seq: 2, auditId: audit_id, sentence }],
    },
  });
});

test('the head that was told in the channel proves that the tail was cut', async () => {
  const world = await sealedWorld();
  const { lucy, database, clock } = world;
  clock.advance(DAY_MS);
  await publishHead({ ...world, settings: world.runner.settings, log: world.runner.log });
  const told = await database.knex('outbox').where({ target: 'oncall' }).first();
  const head = /--head (\S+)/.exec(JSON.parse(told.payload).hint)?.[1] ?? '';
  expect((await lucy(`audit verify --head ${head}`)).out).toContain('Head that you hold');
  await dropGuards(database);
  await cutTail(database.knex, 1);
  await database.knex('audit_anchors').delete();

  const alone = await lucy('audit verify');
  const withHead = await lucy(`audit verify --head ${head}`);

  expect(alone.code).toBe(0);
  expect(withHead.code).toBe(1);
  expect(withHead.out).toContain('You hold the head 3, but the chain ends at 1: its tail was cut.');
});

test('rows that are not sealed yet are young, and later overdue', async () => {
  const { lucy, done, clock } = await sealedWorld();
  await done('credits grant sofia@firm.com 1 --reason "one more"');

  const young = await lucy('audit verify');
  clock.advance(60 * 60_000);
  const overdue = await lucy('audit verify');

  expect(young.out).toContain('1 row waits to be sealed, which happens within seconds while Lucy runs');
  expect(overdue.code).toBe(0);
  expect(overdue.out).toContain('1 row waits to be sealed, and should be sealed by now.');
  expect((await lucy('audit verify --json')).json<Verified>().audit.unsealed).toMatchObject({
    overdue: true,
  });
});

test.each(['812', '812:abc', `0:${'a'.repeat(64)}`, `x:${'a'.repeat(64)}`])(
  '“--head %s” is no head, and says what one is',
  async (head) => {
    const { lucy } = await sofiaWorld();

    const typed = await lucy(`audit verify --head ${head}`);

    expect(typed.code).toBe(2);
    expect(typed.err).toContain('A head is a number, a colon and 64 letters and digits.');
  },
);

test('support is refused, billing and on-call are not', async () => {
  const { lucy } = await sealedWorld();

  expect((await lucy('audit verify', staff('support'))).code).toBe(3);
  expect((await lucy('audit verify', staff('billing'))).code).toBe(0);
  expect((await lucy('audit verify', staff('oncall'))).code).toBe(0);
});
