import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { counterOf } from '#src/policy/counters.ts';
import { type Judged, judge } from '#src/policy/judge.ts';
import type { Measures } from '#src/policy/measures.ts';
import { terminalActor } from '#src/policy/people.ts';
import { type DayUsage, nothingYet } from '#src/policy/usage.ts';
import { importWorld, manyEmails } from '#test/world/import-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const settings = settingsSchema.parse({
  people: {
    sam: { name: 'Sam', terminal: 'sam', roles: ['support'] },
    bea: { name: 'Bea', terminal: 'bea', roles: ['billing'] },
    bo: { name: 'Bo', terminal: 'bo', roles: ['billing'] },
  },
});
const sam = terminalActor(settings, 'sam');
const bea = terminalActor(settings, 'bea');
const why = '--reason "outage in May" --yes';
const waiting = 4;

const judged = (name: string): Judged => ({
  name,
  allowed: ['support', 'billing', 'admin'],
  effect: 'moves value',
});

type Given = { customer: string; credits: number };

/** An act as a command measures it: a grant is of one customer, a file of as many as it names. */
type Act = { command: string; given: Given[] };

const given = fc.record({
  customer: fc.constantFrom('sofia', 'pastdue', 'manual'),
  credits: fc.integer({ min: 1, max: 700 }),
});
const files = fc.uniqueArray(given, { selector: ({ customer }) => customer, minLength: 1 });
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    given.map((one) => ({ command: 'credits grant', given: [one] })),
    files.map((some) => ({ command: 'credits import', given: some })),
    files.map((some) => ({ command: 'customer import', given: some })),
  ),
  { minLength: 1, maxLength: 15 },
);

const sum = (some: readonly Given[]) => some.reduce((total, { credits }) => total + credits, 0);

/** What Sam may do alone, one act after the other, with what is counted in between. */
function doneAlone(all: readonly Act[]): Act[] {
  const used = new Map<string, number>();
  const usageOf = (command: string, subject: string): DayUsage => ({
    ...nothingYet,
    credits: used.get(`${counterOf(command)} ${subject}`) ?? 0,
  });
  return all.filter((act) => {
    const verdict = judge(settings, judged(act.command), sam, measuresOf(act), {
      person: usageOf(act.command, 'sam'),
      customer: act.command === 'credits grant' ? usageOf(act.command, act.given[0]?.customer ?? '') : null,
      customers: new Map(act.given.map(({ customer }) => [customer, usageOf(act.command, customer)])),
    });
    if (verdict.kind !== 'allowed') return false;
    const add = (subject: string, credits: number) => {
      const key = `${counterOf(act.command)} ${subject}`;
      used.set(key, (used.get(key) ?? 0) + credits);
    };
    add('sam', sum(act.given));
    for (const { customer, credits } of act.given) add(customer, credits);
    return true;
  });
}

function measuresOf({ command, given: some }: Act): Measures {
  if (command === 'credits grant') return { credits: sum(some) };
  const shares = some.map(({ customer, credits }) => ({ customerId: customer, email: customer, credits }));
  const credits = Math.max(...some.map((one) => one.credits));
  if (command === 'credits import') return { credits, total: sum(some), shares };
  return { credits, total: sum(some), shares, tier: 'free', lastsMs: 0 };
}

test('however a sum is split into grants and files, alone it never becomes more than a day holds', () => {
  fc.assert(
    fc.property(acts, (all) => {
      const alone = doneAlone(all).flatMap((act) => act.given);
      expect(sum(alone)).toBeLessThanOrEqual(2_000);
      for (const customer of ['sofia', 'pastdue', 'manual'])
        expect(sum(alone.filter((one) => one.customer === customer))).toBeLessThanOrEqual(1_000);
    }),
    { numRuns: 1_000 },
  );
});

test('a file is never judged milder than each of its lines alone would be', () => {
  const strictness = (act: Act) => {
    const verdict = judge(settings, judged(act.command), sam, measuresOf(act), {
      person: nothingYet,
      customer: nothingYet,
    });
    return verdict.kind === 'refused' ? 9 : verdict.kind === 'approval' ? verdict.count : 0;
  };
  const larger = fc.array(
    fc.record({ customer: fc.uuid(), credits: fc.integer({ min: 1, max: 2_000_000 }) }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(larger, fc.constantFrom('credits import', 'customer import'), (some, command) => {
      for (const one of some)
        expect(strictness({ command, given: some })).toBeGreaterThanOrEqual(
          strictness({ command: 'credits grant', given: [one] }),
        );
    }),
    { numRuns: 500 },
  );
});

test('four files of new customers are not four days: the second asks a colleague', async () => {
  const { lucy, file, balances } = await importWorld({ settings });
  const codes: number[] = [];
  for (const part of ['a', 'b', 'c', 'd']) {
    const lines = [1, 2, 3, 4].map((line) => `${part}${line}@firm.com,500`);
    const path = await file(`${part}.csv`, ['email,credits', ...lines].join('\n'));
    codes.push((await lucy(`customer import ${path} ${why}`, sam)).code);
  }

  expect(codes).toEqual([0, waiting, waiting, waiting]);
  expect(Object.values(await balances()).reduce((total, credits) => total + credits, 0)).toBe(2_000);
});

test('opening balance, import and grant are one day of the customer, whoever gives; tomorrow begins anew', async () => {
  const { lucy, file, clock, customers } = await importWorld({ settings });
  await customers('office@manual.example');
  const opening = await file('new.csv', 'email,credits\nsofia@firm.com,300\n');
  const more = await file('more.csv', 'email,credits\noffice@manual.example,10\nsofia@firm.com,400\n');
  const again = await file('again.csv', 'email,credits\noffice@manual.example,11\nsofia@firm.com,301\n');

  expect((await lucy(`customer import ${opening} ${why}`, sam)).code).toBe(0);
  expect((await lucy(`credits import ${more} ${why}`, bea)).code).toBe(0);
  const asked = await lucy(`credits import ${again} ${why}`, sam);
  const granted = await lucy(`credits grant sofia@firm.com 301 ${why}`, sam);
  const fits = await lucy(`credits grant sofia@firm.com 300 ${why}`, sam);

  expect([asked.code, granted.code, fits.code]).toEqual([waiting, waiting, 0]);
  expect(asked.out).toContain(
    'up to 1,000 credits a day for one customer; with this it would be 1,001 credits today for sofia@firm.com',
  );
  clock.advance(24 * 3_600_000);
  expect((await lucy(`credits grant sofia@firm.com 500 ${why}`, sam)).code).toBe(0);
});

test('a file of thousands is counted for each of its customers', async () => {
  const { lucy, file, customers, database } = await importWorld({ settings });
  const emails = manyEmails(1_200);
  await customers(...emails);
  const path = await file('all.csv', ['email,credits', ...emails.map((email) => `${email},2`)].join('\n'));

  await lucy(`credits import ${path} ${why} --dry-run`, staff('admin'));
  expect(await database.knex('policy_usage')).toEqual([]);
  await lucy(`credits import ${path} ${why}`, staff('admin'));

  const rows = await database
    .knex('policy_usage')
    .where({ command: 'credits grant', measure: 'credits' })
    .whereLike('subject', 'customer:%');
  expect(rows).toHaveLength(1_200);
  expect(new Set(rows.map(({ amount }) => amount))).toEqual(new Set([2]));
});
