import { expect, test } from 'vitest';
import { grantLine, previewedGrant, slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen, withoutIds } from '#test/world/slack-world.ts';

test('a typed grant is previewed, confirmed, done once, told once, and receipted', async () => {
  const world = await slackWorldWithSofia();
  const { slack, database } = world;
  const { sam, at } = await previewedGrant(world);
  const preview = sam.lastMessage('support');

  expect(preview.isEphemeral).toBe(true);
  expect(preview.text).toBe('Grant 100 credits to sofia@firm.com?');
  expect(withoutIds(preview.reads)).toMatchInlineSnapshot(`
    "eyes Grant 100 credits to sofia@firm.com?
    Credits  0 → 100
    Who  Sam
    Why  lost upload
    Ticket  ZD-812
    [Grant 100 credits] [Cancel]
    Correlation ID \`cor_…\`"
  `);
  expect(await database.knex('credit_entries')).toEqual([]);

  await sam.click(at, 'Grant 100 credits');
  const receipt = await seen(world, 'sam', 'support', 'For the ticket');

  expect(receipt.ts).toBe(preview.ts);
  expect(withoutIds(receipt.reads).replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'NOW')).toMatchInlineSnapshot(`
    "white_check_mark 100 credits granted to sofia@firm.com.
    Credits  0 → 100
    Ledger entry  led_…
    Who  Sam
    Why  lost upload
    Ticket  ZD-812
    Run  run_…
    Undo  Undo takes back what is not spent by then.
    For the ticket
    100 credits granted to sofia@firm.com.
    Credits: 0 → 100
    Reason: lost upload
    By Sam at NOW UTC with Lucy (credits grant)
    Run run_… · Correlation ID cor_…
    [Undo] [Check list]
    Correlation ID \`cor_…\`"
  `);
  expect(await database.knex('credit_entries')).toMatchObject([
    { type: 'grant', amount: 100, balance_after: 100, reason: 'lost upload', ticket: 'ZD-812' },
  ]);
  expect(await database.knex('audit_events').where({ command: 'credits grant' })).toMatchObject([
    { outcome: 'done', surface: 'slack', actor_id: 'slack:U0SAM00001', actor_name: 'Sam' },
  ]);

  await world.pumpAll();
  const feed = slack.messages('lucy-entitlements').filter((message) => /granted/.test(message.reads));
  expect(feed.map((message) => message.text)).toEqual(['100 credits granted to sofia@firm.com by Sam.']);
});

test('a newly typed equal request is a new one, and warns of the recent one', async () => {
  const world = await slackWorldWithSofia();
  const { sam, at } = await previewedGrant(world);
  await sam.click(at, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'For the ticket');
  world.clock.advance(3 * 60_000);

  await sam.say('support', grantLine);

  expect(sam.lastMessage('support').reads).toContain('Sam already did exactly this 3 minutes ago');
});

test('a cancelled preview changes nothing', async () => {
  const world = await slackWorldWithSofia();
  const { sam, at } = await previewedGrant(world);

  await sam.click(at, 'Cancel');
  await seen(world, 'sam', 'support', 'Cancelled: nothing was changed.');
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('what Slack makes of typed addresses and signs is read as it was typed', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  const text =
    'credits grant <mailto:sofia@firm.com|sofia@firm.com> 100 --reason “a &lt;b&gt; &amp; <http://firm.com|firm.com>”';

  await world.slack.signedRequest({
    body: new URLSearchParams({
      command: '/lucy',
      text,
      user_id: sam.id,
      team_id: 'T0LUCY0001',
      trigger_id: '1.2.typed',
    }).toString(),
  });

  const [run] = await world.database.knex('runs').where({ command: 'credits grant' });
  expect(JSON.parse(run.input)).toEqual({
    email: 'sofia@firm.com',
    count: '100',
    reason: 'a <b> & firm.com',
  });
});

test('a mistyped verb gets the nearest match as a button, which keeps what was typed', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy credit grnt sofia@firm.com 100 --reason "lost upload"');
  const reply = sam.lastMessage('support');
  expect(reply.reads).toContain('Lucy does not know “credit grnt”.');
  expect(reply.reads).toContain('[credits grant]');

  await sam.click({ channel: 'support', ts: reply.ts }, 'credits grant');
  await seen(world, 'sam', 'support', 'Grant 100 credits to sofia@firm.com?');
});

test('an impossible amount is told with a way to mend it in the form', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy credits grant sofia@firm.com 1.5 --reason "lost upload"');
  const reply = sam.lastMessage('support');
  expect(reply.reads).toContain('Credits are whole: no fractions.');

  await sam.click({ channel: 'support', ts: reply.ts }, 'Mend it in a form');
  await world.slack.waitFor(() => sam.modal());
  expect(sam.modal()?.filled).toMatchObject({ 'input:email': 'sofia@firm.com', 'input:count': '1.5' });
});
