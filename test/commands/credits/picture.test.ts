import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { readCreditHistory } from '#src/credits/history.ts';
import { balanceChart } from '#src/pictures/balance-chart.ts';
import { balanceMarks } from '#src/pictures/balance-marks.ts';
import { balanceInWords } from '#src/pictures/describe-balance.ts';
import { drawChart } from '#src/pictures/draw-chart.ts';
import { seen, slackWorld } from '#test/world/slack-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

const show = 'credits show sofia@firm.com';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lucy-pictures-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Width and height as the file itself says (PNG, section 11.2.2). */
function sizeOfPng(bytes: Buffer): { width: number; height: number } {
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

test('--out writes the picture beside the words, and never over another file', async () => {
  const { lucy, done } = await sofiaWorld();
  await done('credits grant sofia@firm.com 100 --reason "goodwill"');
  const out = join(await folder(), 'balance.png');

  const shown = await lucy(`${show} --out ${out}`);
  const again = await lucy(`${show} --out ${out}`);

  expect(shown.code).toBe(0);
  expect(shown.out).toContain('sofia@firm.com has 100 credits.');
  expect(shown.out).toMatch(new RegExp(`Written to ${out} \\(\\d+ KB\\)\\.`));
  const { width, height } = sizeOfPng(await readFile(out));
  expect(width).toBe(1600);
  expect(height).toBeGreaterThan(700);
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toContain('is there already and was left as it is.');
});

test('without --out the words say how to get it, and no byte of it reaches the terminal', async () => {
  const { lucy } = await sofiaWorld();

  const shown = await lucy(show);
  const elsewhere = await lucy(`${show} --out /nowhere/at/all.png`);
  const wordless = await lucy('whoami --out who.png');
  const nameless = await lucy(`${show} --out`);

  expect(shown.out).toContain('A picture goes with it: add --out credit-balance.png to get it.');
  expect(shown.out).not.toContain('PNG');
  expect(elsewhere).toMatchObject({ code: 1 });
  expect(elsewhere.err).toContain('Choose a folder that exists and that you may write to.');
  expect(wordless).toMatchObject({ code: 2 });
  expect(wordless.err).toContain('This answer has no file, so nothing was written.');
  expect(nameless).toMatchObject({ code: 2 });
});

test('text as a file is written where --out says', async () => {
  const { lucy } = await sofiaWorld();
  const out = join(await folder(), 'audit.csv');

  const typed = await lucy(`audit search --csv --out ${out}`);

  expect(typed.out).toContain('Written to');
  expect(await readFile(out, 'utf8')).toContain('customer add');
});

test('--since bounds the picture, and refuses what is no past moment', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy(`${show} --since yesterday`)).err).toContain('is neither a span nor a date');
  expect((await lucy(`${show} --since 2030-01-01`)).err).toContain('is not past');
  expect((await lucy(`${show} --since 7d`)).code).toBe(0);
});

test('ten thousand entries are added up before they are read, and every stretch ends where its last entry ended', async () => {
  const { rows, database, clock } = await sofiaWorld();
  const [customer] = await rows<{ id: string; email: string }>('customers');
  if (!customer) throw new Error('Sofia is missing');
  const to = clock.now();
  const from = to - 90 * DAY_MS;
  await fill(database, customer.id, to - 100 * DAY_MS, 10_000);

  const history = await readCreditHistory(database.knex, customer, { from, to });

  expect(history.buckets.length).toBeLessThanOrEqual(241);
  expect(history.buckets.length).toBeGreaterThan(200);
  const [last] = await database.knex('credit_entries').orderBy('seq', 'desc').limit(1);
  expect(history.buckets.at(-1)).toMatchObject({ balance: last.balance_after, lastAt: last.at });
  // What came and went since explains the way from the first balance to the last.
  const moved = history.buckets.reduce((sum, bucket) => sum + bucket.added - bucket.taken, 0);
  expect(history.before + moved).toBe(last.balance_after);
  expect(balanceMarks(history).length).toBeGreaterThan(0);
});

test('every situation can be drawn, and is said in words', async () => {
  const to = Date.UTC(2026, 10, 21, 9);
  const nothing = { email: 'sofia@firm.com', from: to - 90 * DAY_MS, to, before: 0, buckets: [], balance: 0 };
  const at = to - 10 * DAY_MS;
  const granted = { at, lastAt: at, balance: 500, added: 500, taken: 0, granted: 500 };
  const spent = { at: at + DAY_MS, lastAt: at + DAY_MS, balance: 0, added: 0, taken: 500, granted: 0 };
  const cases = [
    { history: { ...nothing, held: 0, frozen: 0, debt: 0 }, words: 'it was 0 all the time.' },
    {
      history: { ...nothing, buckets: [granted], balance: 500, held: 20, frozen: 30, debt: 0 },
      words: 'Marked: +500 by Nov 11, 2026. Of it, 20 are held. Of it, 30 are frozen.',
    },
    {
      history: { ...nothing, buckets: [granted, spent], held: 0, frozen: 0, debt: 260 },
      words: 'was between 0 and 500, and is 0 now. Marked: +500 by Nov 11, 2026. 260 are owed.',
    },
    {
      history: {
        ...nothing,
        from: to - HOUR_MS,
        email: `${'ä'.repeat(240)}@firm.com`,
        held: 0,
        frozen: 0,
        debt: 0,
      },
      words: '',
    },
  ];
  const pictures = await Promise.all(cases.map(({ history }) => drawChart(balanceChart(history))));

  for (const [index, { history, words }] of cases.entries()) {
    expect(balanceInWords(history)).toContain(words);
    expect(sizeOfPng(Buffer.from(pictures[index] ?? [])).width).toBe(1600);
  }
  expect(new Set(pictures.map((picture) => picture.length)).size).toBe(cases.length);
});

test('a drawing that fails is told, and the next one is made', async () => {
  await expect(drawChart({ spec: { mark: 'nonsense' } as never, width: 100 })).rejects.toThrow();
  const bar = {
    data: { values: [{ a: 1 }] },
    mark: 'bar',
    encoding: { x: { field: 'a', type: 'quantitative' } },
  };
  expect(sizeOfPng(Buffer.from(await drawChart({ spec: bar as never, width: 100 }))).width).toBe(100);
});

test('in Slack the picture is in the direct messages of whoever asked, in place, with what it shows in words', async () => {
  const world = await slackWorld();
  const { slack } = world;
  await world.given('customer add sofia@firm.com');
  await world.given('credits grant sofia@firm.com 100');
  const sam = slack.as('sam');

  await sam.say('support', `/lucy ${show} --since 30d`);
  const words = await seen({ slack }, 'sam', 'support', 'sofia@firm.com has 100 credits.');
  expect(words.reads).not.toContain('direct messages');
  await slack.settled();
  expect(sam.dm()).toEqual([]);

  await sam.click({ channel: 'support', ts: words.ts }, 'Show as a picture');

  const answer = await seen(
    { slack },
    'sam',
    'support',
    'The picture credit-balance.png is in your direct messages with me.',
  );
  expect(answer.isEphemeral).toBe(true);
  expect(sam.dm()).toMatchObject([{ files: [{ name: 'credit-balance.png', text: null }] }]);
  expect(slack.as('bea').dm()).toEqual([]);
  const { messages } = (await (await fetch(`${slack.url}/client/snapshot?as=${sam.id}`)).json()) as {
    messages: { files?: { id: string; alt: string }[] }[];
  };
  const [file] = messages.flatMap((message) => message.files ?? []);
  expect(file?.alt).toContain('Line chart of the credit balance of sofia@firm.com');
  expect(file?.alt).toContain('is 100 now. Marked: +100 by');
  const got = await fetch(`${slack.url}/client/file?as=${sam.id}&id=${file?.id}`);
  expect(got.headers.get('content-type')).toBe('image/png');
  expect(sizeOfPng(Buffer.from(await got.arrayBuffer())).width).toBe(1600);
});

test('shared to the channel are the words alone', async () => {
  const world = await slackWorld();
  const { slack } = world;
  await world.given('customer add sofia@firm.com');
  const sam = slack.as('sam');
  await sam.say('support', `/lucy ${show}`);
  const answer = await seen({ slack }, 'sam', 'support', 'sofia@firm.com has 0 credits.');

  await sam.click({ channel: 'support', ts: answer.ts }, 'Share to channel');

  const shared = await seen({ slack }, 'bea', 'support', 'Shared by Sam');
  expect(shared).toMatchObject({ isEphemeral: false, files: [] });
  expect(slack.as('bea').dm()).toEqual([]);
});

/** Grants and spends, an entry after the other, written as the ledger would. */
async function fill(
  database: Awaited<ReturnType<typeof sofiaWorld>>['database'],
  customerId: string,
  from: number,
  count: number,
): Promise<void> {
  const { knex } = database;
  await knex('credit_accounts').insert({ id: 'acct_full', customer_id: customerId, next_seq: count + 1 });
  let balance = 0;
  const rows = Array.from({ length: count }, (_, index) => {
    const isGrant = index % 500 === 0;
    const amount = isGrant ? 1000 : -1;
    balance += amount;
    return {
      id: `led_${index}`,
      account_id: 'acct_full',
      seq: index + 1,
      type: isGrant ? 'grant' : 'spend',
      amount,
      balance_after: balance,
      idempotency_key: `k${index}`,
      fingerprint: '',
      source_kind: 'staff',
      source_id: `s${index}`,
      actor: 'terminal:admin',
      correlation_id: 'cor_fill',
      at: Math.round(from + (index / count) * 100 * DAY_MS),
    };
  });
  await knex.batchInsert('credit_entries', rows, 100);
  await knex('credit_accounts').where({ id: 'acct_full' }).update({ balance });
}
