import { expect, test } from 'vitest';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { castSettings, seen } from '#test/world/slack-world.ts';
import { idIn, sofiaWorld } from '#test/world/sofia-world.ts';

const USAGE = 2;
const NOT_FOUND = 5;

const teams = {
  data_platform: { channel: '#lucy-billing', group: 'S0BILLING1' },
};

function withTeams(settings: Settings = castSettings, patch: object = teams): Settings {
  return { ...settings, teams: settingsSchema.shape.teams.parse(patch) };
}

const line = 'escalate data-platform sofia@firm.com --about "the balance is stuck" --ticket ZD-812';

async function handedWorld() {
  const world = await sofiaWorld({ settings: withTeams() });
  const told = async (target: string): Promise<Reply[]> => {
    const rows = await world.rows<{ payload: string }>('outbox', { target });
    return rows.map((row) => JSON.parse(row.payload));
  };
  return { ...world, told };
}

test('the packet goes to the team’s channel, calls its group, and holds what was tried', async () => {
  const { done, told, rows } = await handedWorld();
  await done('credits grant sofia@firm.com 5 --reason "lost upload" --ticket ZD-812');
  await done('tier set sofia@firm.com pro --until 7d --reason "while we look" --ticket ZD-812');

  const typed = await done(line);

  expect(typed.out).toContain('Handed to Data platform in #lucy-billing.');
  const [card] = await told('billing');
  expect(card).toMatchObject({
    title: 'terminal:admin asks Data platform to look at “the balance is stuck” (sofia@firm.com, ZD-812).',
    mentions: { groups: ['S0BILLING1'] },
  });
  const said = JSON.stringify(card);
  expect(said).toContain('terminal:admin: credits grant, done');
  expect(said).toContain('terminal:admin: tier set, done');
  expect(said).toContain('pro, access full');
  expect(said).toContain('5, 0 held, 0 owed');
  expect(card?.sections?.find((section) => section.heading === 'Correlation IDs')?.lines).toHaveLength(3);
  expect(card?.buttons).toEqual(
    expect.arrayContaining([
      { kind: 'command', label: 'I take it', line: `escalation take ${idIn(typed, 'esc')}` },
      { kind: 'command', label: 'Trace ZD-812', line: 'trace --id=ZD-812' },
      { kind: 'command', label: 'Diagnose', line: 'customer diagnose sofia@firm.com' },
    ]),
  );
  expect(await rows('audit_events', { command: 'escalate' })).toMatchObject([
    { outcome: 'done', ticket: 'ZD-812', reason: 'the balance is stuck' },
  ]);
});

test('a dry run says where it goes and tells nobody', async () => {
  const { lucy, rows } = await handedWorld();

  const typed = await lucy(`${line} --dry-run`);

  expect(typed.out).toContain('Hand “the balance is stuck” to Data platform?');
  expect(typed.out).toContain('#lucy-billing');
  expect(await rows('escalations')).toEqual([]);
});

test('the same matter again goes into the same thread, and says so', async () => {
  const { done, told, rows } = await handedWorld();
  const first = await done(line);

  const again = await done(line.replace('the balance is stuck', 'still stuck'));

  expect(again.out).toContain('Data platform had this already, so it was asked again in the same thread.');
  expect(idIn(again, 'esc')).toBe(idIn(first, 'esc'));
  expect(await rows('escalations')).toMatchObject([{ asked: 2, state: 'open' }]);
  expect((await told('billing')).map((reply) => reply.title)).toContain(
    'terminal:admin asks again: “still stuck” (sofia@firm.com, ZD-812).',
  );
  expect(await rows('outbox', { thread_of: `escalation:${idIn(first, 'esc')}` })).toHaveLength(1);
});

test('two people hand over the same at the same moment: it is one escalation', async () => {
  const { lucy, rows } = await handedWorld();

  const both = await Promise.all([lucy(`${line} --yes`), lucy(`${line} --yes`)]);

  expect(both.some(({ code }) => code === 0)).toBe(true);
  expect(await rows('escalations')).toHaveLength(1);
});

test('what is asked again is called again while nobody has it, and not any more afterwards', async () => {
  const { done, told } = await handedWorld();
  const id = idIn(await done(line), 'esc');
  await done(line);
  await done(`escalation take ${id}`);
  await done(line);

  const again = (await told('billing')).filter(({ title }) => title.includes('asks again'));
  expect(again.map(({ mentions }) => mentions)).toEqual([{ groups: ['S0BILLING1'] }, undefined]);
});

test('another ticket is another escalation, and so is the same one after it was closed', async () => {
  const { done, rows } = await handedWorld();
  const first = await done(line);
  await done(line.replace('ZD-812', 'ZD-900'));
  await done(`escalation close ${idIn(first, 'esc')} --reason "corrected"`);
  await done(line);

  expect(await rows('escalations')).toMatchObject([
    { ticket: 'ZD-812', state: 'closed' },
    { ticket: 'ZD-900', state: 'open' },
    { ticket: 'ZD-812', state: 'open' },
  ]);
});

test('without a group it says that nobody is mentioned, and where to set it; the on-call channel is told', async () => {
  const { done, lucy, told } = await handedWorld();

  const preview = await lucy('escalate devops --about "the logs are gone" --dry-run');
  await done('escalate devops --about "the logs are gone"');

  expect(preview.out).toContain(
    'Nobody is mentioned, because DevOps has no user group: set teams.devops.group in lucy.config.yml.',
  );
  const [card] = await told('oncall');
  expect(card?.mentions).toEqual({});
});

test('what was done for the ticket goes with it, whoever it was done for', async () => {
  const { done, told } = await handedWorld();
  await done('customer add other@firm.com --reason "the same person"');
  await done('tier set other@firm.com pro --until 7d --reason "while we look" --ticket ZD-812');

  await done(line);

  const tried = (await told('billing'))[0]?.sections?.[0]?.lines?.map((row) => row[1]);
  expect(tried).toContainEqual(
    expect.stringMatching(
      /^terminal:admin: tier set, done \(tier: free → pro, override: none → pro, expiresAt: none → \d{4}-\d\d-\d\dT.*Z\)$/,
    ),
  );
});

test('any id can be escalated: what it leads to goes with it', async () => {
  const { done, told } = await handedWorld();
  const granted = await done('credits grant sofia@firm.com 5 --reason "lost upload"');
  const run = idIn(granted, 'run');

  await done(`escalate data_platform ${run} --about "is this right"`);

  const said = JSON.stringify((await told('billing'))[0]);
  expect(said).toContain('credits grant, done');
  expect(said).toContain(`trace --id=${run}`);
});

test('a customer whom nobody knows, and a team that is none, are refused with a hint', async () => {
  const { lucy, rows } = await handedWorld();

  const nobody = await lucy('escalate devops nobody@firm.com --about "gone" --yes');
  const nowhere = await lucy('escalate marketing --about "gone" --yes');
  const nothing = await lucy('escalate devops --yes');

  expect(nobody.code).toBe(NOT_FOUND);
  expect(nobody.err).toContain('There is no customer nobody@firm.com.');
  expect(nowhere.code).toBe(USAGE);
  expect(nowhere.err).toContain('Choose one of billing_engineering');
  expect(nothing.code).toBe(USAGE);
  expect(await rows('escalations')).toEqual([]);
});

test('in Slack: a form when typed alone, one card however often it is confirmed, one click to take it', async () => {
  const world = await slackWorldWithSofia({ settings: withTeams() });
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy escalate');
  const form = await world.slack.waitFor(() => sam.modal());
  expect(form.reads).toContain('Team');
  expect(form.reads).toContain('About');
  await sam.closeModal();

  await sam.say('support', `/lucy ${line}`);
  const preview = await seen(world, 'sam', 'support', 'Hand “the balance is stuck”');
  const at = { channel: 'support', ts: preview.ts };
  await Promise.all([sam.click(at, 'Escalate to Data platform'), sam.click(at, 'Escalate to Data platform')]);
  await seen(world, 'sam', 'support', 'Handed to Data platform');
  await world.pumpAll();
  const cards = world.slack
    .messages('lucy-billing')
    .filter(({ text }) => text.includes('asks Data platform'));
  expect(cards).toHaveLength(1);
  expect(cards[0]?.text).toContain('<!subteam^S0BILLING1>');

  const bea = world.slack.as('bea');
  const card = { channel: 'lucy-billing', ts: cards[0]?.ts ?? '' };
  await bea.click(card, 'I take it');
  await seen(world, 'bea', 'lucy-billing', 'You have “the balance is stuck”');
  await world.pumpAll();

  const [taken] = world.slack.messages('lucy-billing');
  expect(taken?.text).toContain('Bea has “the balance is stuck”');
  expect(sam.dm().at(-1)?.reads).toContain('Bea has it now');
});

test('what a person writes calls nobody: only the team’s group is mentioned', async () => {
  const world = await slackWorldWithSofia({ settings: withTeams() });
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy escalate data_platform --about "<!channel> <@U0OLU00001> *look*"');
  const preview = await seen(world, 'sam', 'support', 'look');
  await sam.click({ channel: 'support', ts: preview.ts }, 'Escalate to Data platform');
  await seen(world, 'sam', 'support', 'Handed to Data platform');
  await world.pumpAll();

  const [card] = world.slack.messages('lucy-billing');
  expect(card?.text).toContain('<!subteam^S0BILLING1>');
  expect(card?.text).not.toContain('<!channel>');
  expect(card?.text).not.toContain('<@U0OLU00001>');
});
