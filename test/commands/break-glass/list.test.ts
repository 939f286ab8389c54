import { expect, test } from 'vitest';
import { bigGrant, glassWorld, minutes } from '#test/world/glass-world.ts';

test('without any it says so', async () => {
  const { lucy } = await glassWorld();

  const typed = await lucy('break-glass list');

  expect(typed.out).toContain('No break-glass is open, and none waits for its review.');
});

test('open ones come first, then those that wait for their review, in red; signed ones last', async () => {
  const { lucy, type, broken, clock } = await glassWorld();
  const signed = await broken('olu', '10m');
  clock.advance(minutes(15));
  await type('bea', `break-glass review ${signed.id} --note "all is well" --reason "review"`);
  const waiting = await broken('olu', '10m');
  await type('olu', bigGrant);
  clock.advance(minutes(15));
  const open = await broken('ada', '30m');

  const typed = await lucy('break-glass list');

  expect(typed.out).toContain('1 break-glass is open, and 1 waits for review.');
  const headings = [
    '🔴 Ada, open until 10:00 UTC',
    '🔴 Olu, 2026-11-21 09:15 UTC to 09:25 UTC, not reviewed',
    'Reviewed last',
  ];
  const places = headings.map((heading) => typed.out.indexOf(heading));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(typed.out).toContain('customers are locked out (INC-7)');
  expect(typed.out).toContain('100 credits granted to sofia@firm.com.');
  expect(typed.out).toContain('Bea: all is well');
  const listed = (await lucy('break-glass list --json')).json();
  expect(listed).toMatchObject({
    open: [{ glass: open.id, state: 'open', done: [] }],
    waitingForReview: [
      { glass: waiting.id, state: 'waiting', done: [{ what: '100 credits granted to sofia@firm.com.' }] },
    ],
    reviewed: [{ glass: signed.id, state: 'reviewed', reviewedBy: 'Bea', note: 'all is well' }],
  });
});

test('what is over waits for its review, whether or not anybody has noticed', async () => {
  const { lucy, broken, clock, drain } = await glassWorld();
  const glass = await broken();

  clock.set(glass.ends_at - 1);
  expect((await lucy('break-glass list')).out).toContain('1 break-glass is open, and none waits');
  clock.set(glass.ends_at);
  const unnoticed = await lucy('break-glass list');
  await drain();
  const noticed = await lucy('break-glass list');

  expect(unnoticed.out).toContain('No break-glass is open, and 1 waits for review.');
  expect(noticed.out).toContain('No break-glass is open, and 1 waits for review.');
});
