import { expect, onTestFinished, test, vi } from 'vitest';
import { seedReleases, startLocalDeploy } from '#sandbox/deploy/local-deploy.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

test('the sandbox has a release to go back to, and its deployment reports the one that it was told to run', async () => {
  const { database, clock, lucy } = await terminalWorld();
  await seedReleases({ database, clock });
  expect((await lucy('release list')).out).toContain('4.2.0 runs since');
  const deploy = await startLocalDeploy({ database, clock, deploysForMs: 0 });
  onTestFinished(() => deploy.close());

  const odd = await fetch(deploy.url, { method: 'POST', body: '{"action":"delete"}' });
  expect(odd.status).toBe(400);
  clock.advance(60_000);
  const body = JSON.stringify({ action: 'rollback', version: '4.1.0', from: '4.2.0' });
  expect((await fetch(deploy.url, { method: 'POST', body })).status).toBe(202);

  await vi.waitFor(async () => expect((await lucy('release list')).out).toContain('4.1.0 runs since'), {
    timeout: 20_000,
  });
});
