import { expect, test } from 'vitest';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { approvals, askedWorld, overLimitLine, told } from '#test/world/approvals.ts';
import { castSettings } from '#test/world/slack-world.ts';

const enterpriseLine =
  '/lucy tier set sofia@firm.com enterprise --until 7d --reason "signed on paper" --ticket ZD-7';

test('the world moved since it was asked: the card shows the difference and asks anew, and old clicks count no more', async () => {
  const world = await askedWorld({ line: enterpriseLine });
  expect(world.card().reads).toContain('Tier  free → enterprise');
  await world.given('tier set sofia@firm.com starter');

  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Something changed since this was asked');
  world.clock.advance(5_000);
  // Bo's page still shows the card as it was.
  await world.slack.as('bo').click(world.at(), 'approve:0');
  await told(world, 'bo', 'This card was renewed after you looked at it');
  expect(await world.database.knex('overrides').pluck('tier')).toEqual(['starter']);

  await world.pumpAll();
  expect(world.card().reads).toContain('Something changed since this was asked, so it is asked anew.');
  expect(world.card().reads).toContain('Tier was free → enterprise, and is starter → enterprise now.');
  await world.slack.as('bo').click(world.at(), 'approve:0');
  await told(world, 'bo', 'Approved. sofia@firm.com set to enterprise');
  await world.pumpAll();
  expect(world.card().reads).toContain('Approved by Bo.');
  expect(await world.database.knex('entitlements').first('tier')).toEqual({ tier: 'enterprise' });
});

test('what was asked for became impossible: the request is ended, and both are told why', async () => {
  const world = await askedWorld({ line: enterpriseLine });
  await world.given('tier set sofia@firm.com enterprise --until 7d');
  await world.given('tier set sofia@firm.com enterprise --until 2030-01-01');
  const { knex } = world.database;
  const [{ expires_at: until }] = await knex('overrides').whereNull('ended_at').select('expires_at');
  // The very override that Sam asks for, to the millisecond.
  await knex('runs')
    .where({ state: 'waiting' })
    .update({ input: JSON.stringify({ ...(await inputOf(world)), until: new Date(until).toISOString() }) });

  await world.slack.as('bea').click(world.at(), 'approve:0');

  await told(world, 'bea', 'This cannot be done any more, so the request was ended');
  await world.pumpAll();
  expect(world.card().reads).toContain('has enterprise by hand already');
  expect(world.slack.as('sam').dm().at(-1)?.reads).toContain('has enterprise by hand already');
});

async function inputOf(world: Awaited<ReturnType<typeof askedWorld>>): Promise<object> {
  const row = await world.database.knex('runs').where({ state: 'waiting' }).first('input');
  return JSON.parse(row.input);
}

const twoOf = (count: number): Settings =>
  settingsSchema.parse({
    ...castSettings,
    policy: { 'credits grant': { steps: [{ approvers: { role: 'billing', count } }] } },
  });

test('with two approvers needed the first counts, clicking twice does not, and the second does it', async () => {
  const world = await askedWorld({ settings: twoOf(2) });
  expect(world.card().reads).toContain('Needs  2 approvals by billing');

  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'Your approval counts: 1 of 2');
  await world.slack.as('bea').click(world.at(), 'approve:0');
  await told(world, 'bea', 'You approved this already');
  await world.pumpAll();
  expect(world.card().reads).toContain('Bea approved so far');
  expect(await world.balance()).toBe(0);

  await world.slack.as('bo').click(world.at(), 'approve:0');
  await told(world, 'bo', 'Approved. 900 credits granted');
  await world.pumpAll();
  expect(await world.balance()).toBe(900);
  expect(world.card().reads).toContain('Approved by Bea and Bo.');
});

test('an approval that too few people could ever give is refused before it is asked', async () => {
  const { slackWorldWithSofia } = await import('#test/world/slack-grant.ts');
  const world = await slackWorldWithSofia({ settings: twoOf(4) });
  const sam = world.slack.as('sam');
  await sam.say('support', overLimitLine);
  const preview = await world.slack.waitFor(() => sam.messages('support').at(-1));

  await sam.click({ channel: 'support', ts: preview.ts }, 'Ask for approval');

  await world.slack.waitFor(() => sam.lastMessage('support').reads.includes('That takes 4 people'));
  expect(sam.lastMessage('support').reads).toContain('Ask an admin to give somebody else the role billing');
  expect(await world.database.knex('approvals')).toEqual([]);
  expect(world.slack.messages(approvals)).toEqual([]);
});

test('an approvals channel that takes no messages is named before anybody waits for it', async () => {
  const world = await askedWorld();
  await world.database.knex('findings').insert({
    id: 'fnd_1',
    kind: 'message_undelivered',
    subject: '#lucy-approvals',
    summary: 'Messages do not arrive.',
    evidence: '{}',
    state: 'open',
    opened_at: 1,
    correlation_id: 'cor_1',
  });
  const sam = world.slack.as('sam');
  await sam.say('support', overLimitLine.replace('ZD-900', 'ZD-901'));
  const preview = await world.slack.waitFor(() => {
    const last = sam.lastMessage('support');
    return last.reads.includes('ZD-901') ? last : null;
  });

  await sam.click({ channel: 'support', ts: preview.ts }, 'Ask for approval');

  await world.slack.waitFor(() =>
    sam.lastMessage('support').reads.includes('Lucy’s messages to #lucy-approvals do not arrive'),
  );
  expect(await world.database.knex('approvals')).toHaveLength(1);
});
