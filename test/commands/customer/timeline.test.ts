import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { type RefundWorld, refundWorld } from '#test/world/refund-world.ts';

type Moment = { at: string; side: 'stripe' | 'lucy'; kind: string; id: string; sentence: string };
type Shown = { timeline: Moment[]; hasMore: boolean };

const line = 'customer timeline sofia@firm.com';

async function shown(world: RefundWorld, words = ''): Promise<Shown> {
  return (await world.as('sam', `${line} ${words} --json`)).json<Shown>();
}

/** All pages, oldest first. */
async function whole(world: RefundWorld): Promise<Moment[]> {
  const all: Moment[] = [];
  for (let page = 1; ; page++) {
    const { timeline, hasMore } = await shown(world, `--page ${page}`);
    all.unshift(...timeline);
    if (!hasMore) return all;
  }
}

/** Sofia pays, uses some, asks for her money, and is locked. */
async function lived() {
  const world = await refundWorld();
  const { charge, invoice } = world.subscribed();
  await world.booked();
  world.clock.advance(HOUR_MS);
  await world.as('ada', 'credits consume sofia@firm.com 30 --reason "used" --ticket ZD-1');
  world.clock.advance(HOUR_MS);
  const asked = await world.as('sam', `refund request ${charge.id} 20 --reason "paid twice" --json`);
  const { approval } = asked.json<{ approval: string }>();
  world.clock.advance(HOUR_MS);
  await world.as('bea', `approval approve ${approval} --reason "fine"`);
  world.clock.advance(HOUR_MS);
  await world.as('bea', 'customer lock sofia@firm.com --reason "stolen card"');
  return { ...world, charge, invoice, approval };
}

test('what happened at Stripe stands beside what we did, newest last', async () => {
  const world = await lived();

  const timeline = await whole(world);

  expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).sort());
  const sentences = (side: string, kind: string) =>
    timeline.filter((moment) => moment.side === side && moment.kind === kind).map(({ sentence }) => sentence);
  expect(sentences('stripe', 'payment')).toEqual(['$49.00 paid, which brought 500 credits.']);
  expect(sentences('stripe', 'event').join('\n')).toContain('Stripe sent invoice.paid; it is done');
  expect(sentences('lucy', 'ledger').at(-1)).toBe('30 credits spent, which left 470: used.');
  expect(sentences('lucy', 'entitlement_change')).toEqual([
    expect.stringContaining('Tier free → pro'),
    'Access full → locked: Locked for fraud: stolen card',
  ]);
  expect(sentences('lucy', 'approval')).toEqual([
    'Sam asked for “refund request”, which needs one approval by billing.',
    expect.stringContaining('Sam’s “refund request”: Bea approved this at 2026-11-21 12:00 UTC.'),
  ]);
  expect(sentences('lucy', 'effect')).toEqual([
    expect.stringContaining('Waits to be sent to Stripe: the refund of $20.00'),
  ]);
  expect(timeline.at(-1)?.kind).toBe('entitlement_change');
});

test('people read a table of two sides', async () => {
  const world = await lived();

  const { out } = await world.as('olu', line);

  expect(out).toMatch(/25 things that happened to sofia@firm.com, newest last\./);
  expect(out).toMatch(/When\s+At Stripe\s+With us\s+Id/);
  expect(out).toMatch(/2026-11-21 13:00 UTC\s+Bea ran “customer lock”: stolen card\./);
});

test('a span holds what lies in it, and says when nothing does', async () => {
  const world = await lived();

  const between = await shown(world, '--from 2026-11-21T09:30 --to 2026-11-21T10:30');
  const none = await world.as('sam', `${line} --to 2026-01-01`);

  expect(between.timeline.map(({ kind }) => kind).sort()).toEqual(['audit', 'ledger']);
  expect(none.out).toContain('Nothing happened to sofia@firm.com in that time.');
});

test('of much the newest are shown, the rest is a click away, and each thing is seen once', async () => {
  const world = await refundWorld();
  world.subscribed();
  await world.booked();
  for (let count = 1; count <= 20; count++) {
    world.clock.advance(1_000);
    await world.as('ada', `credits consume sofia@firm.com ${count} --reason "number ${count}"`);
  }

  const page = await shown(world);
  const { out } = await world.as('sam', line);
  const older = /There is more before that: lucy (customer timeline .+)/.exec(out)?.[1] ?? '';
  // What happens meanwhile moves nothing from one page to the next.
  world.clock.advance(1_000);
  await world.as('ada', 'credits consume sofia@firm.com 21 --reason "meanwhile"');
  const before = (await world.as('sam', `${older} --json`)).json<Shown>();

  expect(page).toMatchObject({ hasMore: true });
  expect(page.timeline).toHaveLength(25);
  expect(page.timeline.at(-1)?.sentence).toContain('20 credits spent');
  expect(older).toMatch(/ --page 2$/);
  const ids = [...before.timeline, ...page.timeline].map(({ id }) => id);
  expect(new Set(ids).size).toBe(50);
  expect(ids).toEqual((await whole(world)).map(({ id }) => id).slice(-52, -2));
});

test('a webhook that came late stands where it happened, and says how late', async () => {
  const world = await refundWorld();
  world.subscribed();
  world.clock.advance(2 * DAY_MS);
  await world.booked();

  const { timeline } = await shown(world);

  const paid = timeline.find(({ sentence }) => sentence.startsWith('Stripe sent invoice.paid'));
  expect(paid).toMatchObject({ at: '2026-11-21T09:00:00.000Z' });
  expect(paid?.sentence).toContain('It came 2 days later.');
});

test('the CSV has all of it, and a spreadsheet runs none of it', async () => {
  const world = await lived();
  await world.as('ada', 'tier set sofia@firm.com enterprise --reason "=HYPERLINK(1)"');

  const typed = await world.as('sam', `${line} --csv --json`);
  const { csv, rows } = typed.json<{ csv: string; rows: number }>();

  const lines = csv.trim().split('\r\n');
  expect(lines[0]).toBe('"at","side","kind","what","id","correlation_id"');
  expect(lines).toHaveLength(rows + 1);
  expect(csv).toContain('"stripe","payment","$49.00 paid, which brought 500 credits.",');
  expect(csv).not.toMatch(/(^|,)"[=+@]/m);
});

test.each([
  ['nobody’s', 'customer timeline gone@firm.com', 5, 'There is no customer gone@firm.com.'],
  ['no moment', `${line} --from soon`, 2, '“soon” is no moment.'],
  ['no page', `${line} --page 0`, 2, 'Give a page from 1 to 400.'],
  ['the wrong way round', `${line} --from 1d --to 2d`, 2, 'The end is before the beginning.'],
])('%s is refused', async (_what, typedLine, code, sentence) => {
  const world = await refundWorld();

  const typed = await world.as('sam', typedLine);

  expect([typed.code, typed.err]).toEqual([code, expect.stringContaining(sentence)]);
});
