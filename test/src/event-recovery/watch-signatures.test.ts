import { expect, test } from 'vitest';
import { watchSignatures } from '#src/event-recovery/watch-signatures.ts';
import { recoveryWorld, secret } from '#test/world/recovery-world.ts';

const MINUTE_MS = 60_000;
const compact = (body: string) => JSON.stringify(JSON.parse(body));

test.each([
  [
    'a secret of another endpoint',
    { secret: 'whsec_other' },
    false,
    'The signing secret is wrong: 6 of 6 refused deliveries match no secret',
  ],
  [
    'a second sender',
    { secret: 'whsec_other' },
    true,
    'Somebody else sends here: 6 of 6 refused deliveries match no secret, while 3 with the first secret were taken.',
  ],
  ['a parsed body', { mutateBody: compact }, false, 'Something on the way changes the body: 6 of 6'],
  ['a wrong clock', { timestamp: 1 }, false, 'This machine’s clock is wrong: 6 of 6'],
  ['recorded requests', { timestamp: 1 }, true, 'Old deliveries are being sent again: 6 of 6'],
])(
  'a burst of refusals for %s is told once with its diagnosis, and once that it is over',
  async (_why, signing, alsoGood, says) => {
    const { stripe, clock, deps, rejects, told } = await recoveryWorld();
    clock.advance(20 * MINUTE_MS);
    const event = stripe.lastEvent();
    if (alsoGood) {
      stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
      await stripe.idle();
    }
    await stripe.deliver(event.id, { ...signing, times: 6 });
    await rejects.flush();
    await watchSignatures(deps);
    clock.advance(MINUTE_MS);
    await watchSignatures(deps);

    const [alert, ...more] = await told('oncall');
    expect(alert).toContain(`Webhooks are being refused. ${says}`);
    expect(more).toEqual([]);

    clock.advance(15 * MINUTE_MS);
    await watchSignatures(deps);
    await watchSignatures(deps);
    expect((await told('oncall')).slice(1)).toEqual([
      'No webhook was refused in the last ten minutes: the burst is over.',
    ]);
  },
);

test('a few refusals are no burst, and both secrets of a roll are good', async () => {
  const { stripe, deps, rejects, told } = await recoveryWorld();
  const event = stripe.lastEvent();
  await stripe.deliver(event.id, { secret: 'whsec_other', times: 4 });
  for (const good of [secret, 'whsec_old'])
    expect(await stripe.deliver(event.id, { secret: good, times: 5 })).toMatchObject(
      Array.from({ length: 5 }, () => ({ status: 200 })),
    );
  await rejects.flush();
  await watchSignatures(deps);

  expect(await told('oncall')).toEqual([]);
});
