import { expect, test } from 'vitest';
import { type SlackWorld, seen, slackWorld, withoutIds } from '#test/world/slack-world.ts';

const grant = '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812';

async function withSofia(): Promise<SlackWorld> {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  await world.pumpAll();
  return world;
}

/** Sam types the grant in #support and gets its preview. */
async function previewed(world: SlackWorld) {
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const { ts } = sam.lastMessage('support');
  return { sam, at: { channel: 'support', ts } };
}

test('a typed grant is previewed, confirmed, done once, told once, and receipted', async () => {
  const world = await withSofia();
  const { slack, database } = world;
  const { sam, at } = await previewed(world);
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
    [Undo]
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

test('a double confirm grants once, and the second click is told so', async () => {
  const world = await withSofia();
  const { sam, at } = await previewed(world);

  await Promise.all([sam.click(at, 'Grant 100 credits'), sam.click(at, 'Grant 100 credits')]);
  await seen(world, 'sam', 'support', 'This was already done; nothing was done again.');

  expect(await world.database.knex('credit_entries')).toHaveLength(1);
  expect(world.slack.messages('support')).toHaveLength(1);
});

test('the same signed click, sent again and again and to two processes at once, grants once', async () => {
  const world = await withSofia();
  const { sam, at } = await previewed(world);
  const other = await world.another();
  await sam.click(at, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'For the ticket');
  const click = world.slack.deliveries.findLast((delivery) => delivery.kind === 'block_actions');
  if (!click) throw new Error('There was no click.');
  const again = (url: string) => fetch(url, { method: 'POST', headers: click.headers, body: click.rawBody });

  const answers = await Promise.all([
    again(world.eventsUrl),
    again(other.eventsUrl),
    again(other.eventsUrl),
    again(world.eventsUrl),
  ]);
  await world.slack.settled();

  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
  expect(world.slack.messages('support')).toHaveLength(1);
});

test('the same signed command is taken once by two processes, and every sender gets the same answer', async () => {
  const world = await withSofia();
  const { sam } = await previewed(world);
  const other = await world.another();
  await sam.say('support', grant);
  const first = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  if (!first) throw new Error('There was no command.');
  const again = async (url: string) =>
    (await fetch(url, { method: 'POST', headers: first.headers, body: first.rawBody })).text();

  const answers = await Promise.all([again(world.eventsUrl), again(other.eventsUrl), again(world.eventsUrl)]);

  expect(new Set([...answers, first.response?.body]).size).toBe(1);
  expect(await world.database.knex('runs').where({ command: 'credits grant' })).toHaveLength(2);
});

test('two processes that get the same command at the same moment plan it once', async () => {
  const world = await withSofia();
  const { sam } = await previewed(world);
  const other = await world.another();
  await sam.say('support', grant);
  const sent = world.slack.deliveries.findLast((delivery) => delivery.kind === 'slash_command');
  const body = (sent?.rawBody ?? '').replace(/trigger_id=[^&]*/, 'trigger_id=1.2.fresh');
  const { signatureHeaders } = await import('#sandbox/slack/to-lucy/sign.ts');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...signatureHeaders('local-signing-secret', Math.floor(world.clock.now() / 1000), body),
  };
  const send = async (url: string) => (await fetch(url, { method: 'POST', headers, body })).text();

  const [one, two] = await Promise.all([send(world.eventsUrl), send(other.eventsUrl)]);

  expect(one).toBe(two);
  expect(one).toContain('Grant 100 credits to sofia@firm.com?');
  expect(await world.database.knex('runs').where({ command: 'credits grant' })).toHaveLength(3);
});

test('a newly typed equal request is a new one, and warns of the recent one', async () => {
  const world = await withSofia();
  const { sam, at } = await previewed(world);
  await sam.click(at, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'For the ticket');
  world.clock.advance(3 * 60_000);

  await sam.say('support', grant);

  expect(sam.lastMessage('support').reads).toContain('Sam already did exactly this 3 minutes ago');
});

test('a cancelled preview changes nothing, now and when its confirm is replayed', async () => {
  const world = await withSofia();
  const { sam, at } = await previewed(world);

  await Promise.all([sam.click(at, 'Cancel')]);
  await seen(world, 'sam', 'support', 'Cancelled: nothing was changed.');
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('what Slack makes of typed addresses and signs is read as it was typed', async () => {
  const world = await withSofia();
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
  const world = await withSofia();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy credit grnt sofia@firm.com 100 --reason "lost upload"');
  const reply = sam.lastMessage('support');
  expect(reply.reads).toContain('Lucy does not know “credit grnt”.');
  expect(reply.reads).toContain('[credits grant]');

  await sam.click({ channel: 'support', ts: reply.ts }, 'credits grant');
  await seen(world, 'sam', 'support', 'Grant 100 credits to sofia@firm.com?');
});

test('an impossible amount is told with a way to mend it in the form', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy credits grant sofia@firm.com 1.5 --reason "lost upload"');
  const reply = sam.lastMessage('support');
  expect(reply.reads).toContain('Credits are whole: no fractions.');

  await sam.click({ channel: 'support', ts: reply.ts }, 'Mend it in a form');
  await world.slack.waitFor(() => sam.modal());
  expect(sam.modal()?.filled).toMatchObject({ 'input:email': 'sofia@firm.com', 'input:count': '1.5' });
});

test('an open menu names only what the person may run', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  const olu = world.slack.as('olu');

  await sam.say('support', '/lucy');
  await olu.say('support', '/lucy');

  expect(sam.lastMessage('support').reads).toContain('[Grant]');
  expect(olu.lastMessage('support').reads).not.toContain('[Grant]');
});
