import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { readStatusPicture } from '#src/status-page/picture.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const MINUTE_MS = 60_000;
const olu = staff('oncall');
const settings = settingsSchema.parse({
  people: { olu: { name: 'Olu', terminal: 'oncall', roles: ['oncall'] } },
  status_page: {
    title: 'Firm Studio',
    components: [
      { id: 'app', name: 'The app' },
      { id: 'api', name: 'The API' },
    ],
  },
});

async function declared(extra = '') {
  const world = await terminalWorld({ settings });
  await world.lucy(`incident declare "checkout is down" ${extra} --yes`, olu);
  const page = () => readStatusPicture(world.database.knex, settings, world.clock.now());
  return { ...world, page };
}

test('an update is previewed as customers read it, published once, and the clock of the next one starts', async () => {
  const { lucy, page, clock, database } = await declared();
  const line =
    'incident update "Payments fail for some. We look for the cause." --components "app=major api"';

  const preview = await lucy(`${line} --dry-run`, olu);
  expect(preview.out).toMatch(/Title on the page\W+checkout is down/);
  expect(preview.out).toContain('Investigating: Payments fail for some. We look for the cause.');
  expect(preview.out).toContain('The title on the page is the incident’s own.');
  expect(preview.out).toContain('The app: out of order, The API: slow or degraded');
  expect((await page()).open).toEqual([]);

  clock.advance(12 * MINUTE_MS);
  const done = await lucy(`${line} --yes`, olu);
  expect(done.code, done.err).toBe(0);

  const { open, components } = await page();
  expect(components.map(({ impact }) => impact)).toEqual(['major', 'degraded']);
  expect(open).toMatchObject([
    {
      title: 'checkout is down',
      state: 'investigating',
      nextUpdateAt: clock.now() + 30 * MINUTE_MS,
      updates: [{ body: 'Payments fail for some. We look for the cause.' }],
    },
  ]);
  const [row] = await database.knex('incident_updates');
  expect(row).toMatchObject({ due_at: clock.now() + 18 * MINUTE_MS, author_name: 'terminal:oncall' });
});

test.each([
  ['write to sofia@firm.com', 'is a mail address'],
  ['Disputed Inc cannot pay', '“Disputed Inc” is a customer'],
  ['disputed inc. cannot pay', '“Disputed Inc” is a customer'],
  ['the Zoë Müller GmbH’s data is late', '“Zoë Müller GmbH” is a customer'],
  ['db-3.internal is slow', 'the name of a machine'],
  ['10.0.3.17 is slow', 'the address of a machine'],
  ['see cor_01jd2n8t1k5wq7x3e9r4', 'is an internal id'],
  ['see INC-1', 'our own number'],
  ['call +49 151 23456789', 'is a phone number'],
  ['see acme.fr', 'the name of a machine or a site'],
  ['see ZD-812', 'our own number'],
  ['see rec_01jd2n8t1k5wq7x3e9r4', 'is an internal id'],
  ['ask U012AB3CDE', 'somebody or some place in Slack'],
  ['2001:db8:0:0:1::1 is slow', 'the address of a machine'],
  ['a human error of ours', 'blames somebody'],
  ['Olu forgot it', '“Olu” is a colleague'],
  ['checkout throws 500s', '“500s” is a code of machines'],
  ['some requests end in HTTP 502', '“HTTP 502” is a code of machines'],
  ['ETA 10 minutes', 'promises a time, which nobody knows yet'],
  ['it works again in 10 minutes', '“in 10 minutes” promises a time'],
  ['worker-3 hangs', '“worker-3” is the name of a machine'],
  ['a pg deadlock stops imports', '“pg deadlock” is a word of engineers'],
])('“%s” is not published: %s', async (text, why) => {
  const { lucy, page } = await declared();
  await lucy('customer add pay@disputed.example --name "Disputed Inc" --reason new --yes');
  await lucy('customer add zoe@mueller.example --name "Zoë Müller GmbH" --reason new --yes');

  const typed = await lucy(`incident update "${text}" --yes`, olu);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(why);
  expect(typed.err).toContain('without names, addresses or ids');
  expect((await page()).open).toEqual([]);
});

test('a mail address is named once, and what merely looks like a code or a machine is published', async () => {
  const { lucy, database } = await declared();

  const typed = await lucy('incident update "write to sofia@firm.com" --dry-run', olu);
  expect(typed.err).not.toContain('a site');
  for (const text of [
    'About 500 customers cannot pay.',
    'Two-factor codes arrive late.',
    'Some payments of the last 30 minutes failed.',
    'We tell you more as soon as we know it.',
  ]) {
    const fine = await lucy(`incident update "${text}" --yes`, olu);
    expect(fine.code, fine.err).toBe(0);
  }
  expect(await database.knex('incident_updates')).toHaveLength(4);
});

test('resolving says what was forgotten, and a preview of before it is answered politely afterwards', async () => {
  const { lucy } = await declared();

  const preview = await lucy('incident resolve --reason "rolled back" --dry-run', olu);
  expect(preview.out).toContain('Nobody said how bad it was.');
  await lucy('incident change INC-1 --severity sev2 --yes', olu);
  const again = await lucy('incident resolve --reason "rolled back" --dry-run', olu);
  expect(again.out).not.toContain('Nobody said how bad it was.');
  await lucy('incident resolve --reason "rolled back" --yes', olu);

  const late = await lucy('incident update "We look." --incident INC-1 --yes', olu);
  expect(late.err).toContain('INC-1 is resolved, so customers need no update.');
});

test('a customer who is called like an everyday word is in nobody’s way: drafts pass, and a word that is meant is said to be', async () => {
  const { lucy, page } = await declared();
  for (const [index, name] of ['everything works', 'the cause', 'and'].entries())
    await lucy(`customer add c${index}@firm.com --name "${name}" --reason new --yes`);

  const draft = await lucy(
    'incident update "We are still looking for the cause. We will tell you more as soon as we know it." --yes',
    olu,
  );
  const refused = await lucy('incident update "We found the cause." --yes', olu);
  const meant = await lucy('incident update "We found the cause." --names-ok --yes', olu);
  const resolved = await lucy('incident resolve --reason "rolled back" --yes', olu);

  expect(draft.code, draft.err).toBe(0);
  expect(refused.err).toContain('If a name is meant as an everyday word, add --names-ok.');
  expect(meant.code, meant.err).toBe(0);
  expect(resolved.code, resolved.err).toBe(0);
  expect((await page()).past[0]?.updates).toHaveLength(3);
});

test('a title that is not for customers needs another one', async () => {
  const world = await terminalWorld({ settings });
  await world.lucy('incident declare "db-3.internal is full" --yes', olu);

  const refused = await world.lucy('incident update "Saving fails." --yes', olu);
  const done = await world.lucy('incident update "Saving fails." --title "Saving fails" --yes', olu);
  const again = await world.lucy('incident update "We found the cause." --state identified --yes', olu);

  expect(refused.err).toContain('the name of a machine');
  expect(done.code, done.err).toBe(0);
  expect(again.code, again.err).toBe(0);
  const { open } = await readStatusPicture(world.database.knex, settings, world.clock.now());
  expect(open).toMatchObject([{ title: 'Saving fails', state: 'identified', updates: [{}, {}] }]);
});

test('nothing of a private incident is published, and nothing is owed', async () => {
  const { lucy, page, database } = await declared('--private');

  const typed = await lucy('incident update "We look into it." --yes', olu);

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('INC-1 is private');
  expect((await page()).open).toEqual([]);
  expect(await database.knex('timers').where({ kind: 'incident_clock' })).toEqual([]);
});

test('resolving tells whoever was told, restores the components, and needs no second message', async () => {
  const { lucy, page, clock, database } = await declared();
  await lucy('incident update "The app is down." --components app=major --yes', olu);
  clock.advance(40 * MINUTE_MS);

  const done = await lucy('incident resolve --reason "rolled back" --yes', olu);

  expect(done.code, done.err).toBe(0);
  const { open, past, components } = await page();
  expect(open).toEqual([]);
  expect(components[0]).toMatchObject({ impact: null });
  expect(components[0]?.days.at(-1)).toMatchObject({ worst: 'major', minutes: 40 });
  expect(past[0]).toMatchObject({
    state: 'resolved',
    updates: [{ body: 'This is resolved, and everything works again.' }, { body: 'The app is down.' }],
  });
  expect(await database.knex('timers').where({ kind: 'incident_clock' })).toEqual([]);
  expect((await database.knex('incident_entries').where({ kind: 'update' })).at(-1)?.text).toContain(
    '10 minutes late',
  );
});

test('an incident that customers never heard of is resolved without a word to them', async () => {
  const { lucy, page } = await declared();
  await lucy('incident resolve --reason "false alarm" --yes', olu);
  expect(await page()).toMatchObject({ open: [], past: [] });
});

test('unknown components and impacts name those there are', async () => {
  const { lucy } = await declared();
  const typed = await lucy('incident update "It is slow." --components web=major --yes', olu);
  expect(typed.code).toBe(2);
  expect(typed.err).toContain('Components: app and api');
});
