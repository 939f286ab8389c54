import { expect, test } from 'vitest';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const verify = 'customer verify-email sofia@firm.com --reason "confirmed by phone"';

test('an email is marked as verified, and undo withdraws it', async () => {
  const { done, show, rows } = await sofiaWorld();

  const typed = await done(verify);

  expect(typed.out).toContain('Email: not verified → verified');
  expect(await show()).toMatchObject({ emailVerified: true });
  expect(await rows('audit_events', { command: 'customer verify-email' })).toMatchObject([
    { before: '{"emailVerified":false}', after: '{"emailVerified":true}', reason: 'confirmed by phone' },
  ]);

  await done(`undo ${runOf(typed)} --reason "wrong person"`);
  expect(await show()).toMatchObject({ emailVerified: false });
});

test('the playbook’s own spelling works', async () => {
  const { done, show } = await sofiaWorld();

  await done('verify-email --email sofia@firm.com --reason "confirmed by phone"');

  expect(await show()).toMatchObject({ emailVerified: true });
});

test('verifying twice changes nothing and says so', async () => {
  const { done, lucy, rows } = await sofiaWorld();
  await done(verify);

  const again = await lucy(`${verify} --yes`);

  expect(again.code).toBe(1);
  expect(again.err).toContain('sofia@firm.com is verified already, so nothing was changed.');
  expect(await rows('audit_events', { command: 'customer verify-email' })).toHaveLength(1);
});

test('another state than the two is refused with the choices', async () => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`${verify} --state maybe --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('Choose one of verified, unverified.');
});

test('someone without the role is refused', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy(`${verify} --yes`, staff('oncall'))).code).toBe(3);
});
