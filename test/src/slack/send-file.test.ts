import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineLookup } from '#src/runner/define-command.ts';
import { textField } from '#src/runner/fields.ts';
import { type SlackWorld, seen, slackWorld } from '#test/world/slack-world.ts';

const csv = 'Who,What\nSam,"<!channel>"\nÄnne,=1+1\n';

/** A lookup whose answer is too long for a message. */
const exportCommand = defineLookup({
  name: 'test export',
  summary: 'Give everything as a file',
  examples: ['test export november'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ month: textField(40, 'Which month?', { label: 'Month' }) }),
  positionals: ['month'],
  async answer({ month }) {
    return {
      tone: 'info',
      title: `Everything of ${month} & more.`,
      hint: 'Narrow it with a month.',
      file: { name: `audit/${month}.csv`, text: csv },
    };
  },
});

const offerCommand = defineLookup({
  name: 'test offer',
  summary: 'Offer the file',
  examples: ['test offer'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],
  async answer() {
    return {
      tone: 'info',
      title: 'There is more.',
      buttons: [{ kind: 'command', label: 'All of it', line: 'test export november' }],
    };
  },
});

/** The words are there, the picture is not. */
const sketchCommand = defineLookup({
  name: 'test sketch',
  summary: 'Answer with a picture that cannot be drawn',
  examples: ['test sketch'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],
  async answer() {
    const draw = () => Promise.reject(new Error('no ink'));
    return { tone: 'info', title: 'All is well.', picture: { name: 'well.png', draw } };
  },
});

const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe]);

const documentCommand = defineLookup({
  ...sketchCommand,
  name: 'test document',
  examples: ['test document'],
  input: z.object({}),
  positionals: [],
  async answer() {
    const file = {
      name: 'evidence.pdf',
      base64: pdf.toString('base64'),
      alt: 'The evidence, as Stripe gets it.',
    };
    return { tone: 'info', title: 'Here it is.', file };
  },
});

const open = (options: Parameters<typeof slackWorld>[0] = {}): Promise<SlackWorld> =>
  slackWorld({ commands: [exportCommand, offerCommand, sketchCommand, documentCommand], ...options });

test('a file goes to the direct messages of whoever asked, and the answer says so', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');

  await sam.say('general', '/lucy test export november');

  const answer = await seen({ slack }, 'sam', 'general', 'Everything of november');
  expect(answer).toMatchObject({ isEphemeral: true, files: [] });
  expect(answer.reads).toContain('Everything of november & more.');
  expect(answer.reads).toContain(
    'Narrow it with a month. The file audit-november.csv is in your direct messages with me.',
  );
  expect(sam.dm()).toMatchObject([
    { text: 'Everything of november &amp; more.', files: [{ name: 'audit-november.csv', text: csv }] },
  ]);
  for (const other of ['bea', 'ada']) expect(slack.as(other).dm()).toEqual([]);
});

test('a button gives the file to whoever presses it', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  const bea = slack.as('bea');
  await sam.say('support', '/lucy test offer');
  const offer = await seen({ slack }, 'sam', 'support', 'There is more.');
  await sam.click({ channel: 'support', ts: offer.ts }, 'Share to channel');
  const shared = await seen({ slack }, 'bea', 'support', 'Shared by Sam');

  await bea.click({ channel: 'support', ts: shared.ts }, 'All of it');

  const answer = await seen({ slack }, 'bea', 'support', 'is in your direct messages with me.');
  expect(answer.isEphemeral).toBe(true);
  expect(bea.dm()).toMatchObject([{ files: [{ text: csv }] }]);
  expect(sam.dm()).toEqual([]);
});

test('sharing the answer shares its words, and sends the file to nobody again', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  await sam.say('support', '/lucy test export november');
  const answer = await seen({ slack }, 'sam', 'support', 'Everything of november');

  await sam.click({ channel: 'support', ts: answer.ts }, 'Share to channel');

  const shared = await seen({ slack }, 'bea', 'support', 'Shared by Sam');
  expect(shared.reads).not.toContain('direct messages');
  expect(sam.dm()).toHaveLength(1);
});

test('asked in a form, the window says where the file is', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  await sam.say('support', '/lucy test export');
  await slack.waitFor(() => sam.modal());

  await sam.submit({ Month: 'november' });

  await slack.waitFor(
    () => sam.modal()?.reads.includes('The file audit-november.csv is in your direct messages'),
    {
      timeoutMs: 20_000,
    },
  );
  expect(sam.dm()).toHaveLength(1);
});

test('a delivery that Slack repeats sends the file once', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  const ack = await sam.say('support', '/lucy test export november');
  await seen({ slack }, 'sam', 'support', 'Everything of november');

  await slack.replay(ack.deliveryId ?? '');

  await slack.settled();
  expect(sam.dm()).toHaveLength(1);
});

const failures = [
  [
    'conversations.open',
    { kind: 'error', error: 'user_disabled' },
    'could not be sent to your direct messages (user_disabled)',
  ],
  [
    'files.getUploadURLExternal',
    { kind: 'error', error: 'file_uploads_disabled' },
    'could not be sent to your direct messages (file_uploads_disabled)',
  ],
  [
    'files.getUploadURLExternal',
    { kind: 'rate_limited' },
    'could not be sent to your direct messages (rate_limited)',
  ],
  ['upload_url', { kind: 'http_500' }, 'could not be sent to your direct messages (upload_failed_500)'],
  ['upload_url', { kind: 'timeout' }, 'could not be sent to your direct messages ('],
  [
    'files.completeUploadExternal',
    { kind: 'apply_then_500' },
    'Slack did not say whether the file audit-november.csv arrived',
  ],
] as const;

test.each(failures)(
  '%s fails with %o: the answer says so, and how to get the file',
  async (method, fault, said) => {
    const { slack, logs } = await open();
    const sam = slack.as('sam');
    slack.faults.add({ method, times: 1, ...fault });

    await sam.say('support', '/lucy test export november');

    const answer = await seen({ slack }, 'sam', 'support', 'Everything of november');
    expect(answer.reads).toContain(said);
    expect(answer.reads).toContain('Get it in the terminal: npx lucy test export november');
    expect(answer.reads).not.toContain('is in your direct messages with me.');
    expect(sam.dm()).toHaveLength(fault.kind === 'apply_then_500' ? 1 : 0);
    expect(logs.filter((line) => line.event === 'slack_file_not_sent')).toHaveLength(1);
    expect(JSON.stringify(logs)).not.toContain('Änne');
  },
);

test('a form says the terminal line with what was filled in', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  slack.faults.add({ method: 'conversations.open', kind: 'error', error: 'user_disabled' });
  await sam.say('support', '/lucy test export');
  await slack.waitFor(() => sam.modal());

  await sam.submit({ Month: "last year's $HOME" });

  await slack.waitFor(() => sam.modal()?.reads.includes("npx lucy test export --month 'last year’s $HOME'"), {
    timeoutMs: 20_000,
  });
});

test('a picture that cannot be drawn costs only itself', async () => {
  const { slack, logs } = await open();
  const sam = slack.as('sam');

  await sam.say('support', '/lucy test sketch');

  const answer = await seen({ slack }, 'sam', 'support', 'All is well.');
  expect(answer.reads).toContain('The picture could not be drawn; the words are complete without it.');
  expect(sam.dm()).toEqual([]);
  expect(logs.filter((line) => line.event === 'picture_not_drawn')).toHaveLength(1);
});

test('bytes arrive as they are', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');

  await sam.say('support', '/lucy test document');

  await seen({ slack }, 'sam', 'support', 'The file evidence.pdf is in your direct messages with me.');
  const snapshot = await fetch(`${slack.url}/client/snapshot?as=${sam.id}`);
  const { messages } = (await snapshot.json()) as { messages: { files?: { id: string }[] }[] };
  const [file] = messages.flatMap((message) => message.files ?? []);
  const got = await fetch(`${slack.url}/client/file?as=${sam.id}&id=${file?.id}`);
  expect(Buffer.from(await got.arrayBuffer())).toEqual(pdf);
});

test('bytes that Slack does not take are got in the terminal with --out', async () => {
  const { slack } = await open();
  const sam = slack.as('sam');
  slack.faults.add({ method: 'conversations.open', kind: 'error', error: 'user_disabled' });

  await sam.say('support', '/lucy test document');

  const answer = await seen({ slack }, 'sam', 'support', 'Here it is.');
  expect(answer.reads).toContain('Get it in the terminal: npx lucy test document --out evidence.pdf');
});
