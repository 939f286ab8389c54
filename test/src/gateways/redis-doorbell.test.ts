import { expect, onTestFinished, test, vi } from 'vitest';
import { createLog } from '#src/core/log.ts';
import { createRedisDoorbell } from '#src/gateways/redis-doorbell.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { hasRedis, testRedis } from '#test/world/redis.ts';

const SLOW = { timeout: 60_000, interval: 20 };
const eventually = <T>(ask: () => T) => vi.waitFor(ask, SLOW);

/** One who rings, and one who hears, as in two processes. */
function twoSides(url: string) {
  const heard: string[] = [];
  const told: { event?: string }[] = [];
  const log = createLog('warn', { write: (line: string) => void told.push(JSON.parse(line)) } as never);
  const web = createRedisDoorbell({ url, log, onRing: null });
  const worker = createRedisDoorbell({
    url,
    log: createLog('silent'),
    onRing: (job) => void heard.push(job),
  });
  onTestFinished(async () => {
    await Promise.all([web.stop(), worker.stop()]);
  });
  const isUp = () => eventually(() => expect(web.state?.()).toMatchObject({ state: 'ok' }));
  const isAway = () => eventually(() => expect(web.state?.()).toMatchObject({ state: 'degraded' }));
  /** Again and again: a ring may be lost, and the next must be heard. */
  const isHeard = async (job: string) => {
    heard.length = 0;
    await eventually(() => {
      web.ring(job);
      expect(heard).toContain(job);
    });
  };
  return { web, worker, heard, told, isUp, isAway, isHeard };
}

test.skipIf(!hasRedis)('a ring in one process ends the pause of a job in another', async () => {
  const redis = await testRedis();
  let looks = 0;
  const run = async () => {
    looks++;
    return 0;
  };
  const worker = createWorker([{ name: 'sync', pauseMs: 3_600_000, parallel: 1, run }], createLog('silent'));
  const log = createLog('silent');
  const hearing = createRedisDoorbell({ url: redis.url, log, onRing: (job) => worker.wake(job) });
  const ringing = createRedisDoorbell({ url: redis.url, log, onRing: null });
  onTestFinished(async () => {
    await Promise.all([hearing.stop(), ringing.stop(), worker.stop()]);
  });
  worker.start();
  await eventually(() => expect(ringing.state?.()).toMatchObject({ state: 'ok' }));
  await eventually(() => expect(looks).toBe(1));

  await eventually(() => {
    ringing.ring('sync');
    expect(looks).toBeGreaterThan(1);
  });
});

test.skipIf(!hasRedis)('what waits in Redis are names of jobs, each once, and nothing grows', async () => {
  const redis = await testRedis();
  const web = createRedisDoorbell({ url: redis.url, log: createLog('silent'), onRing: null });
  onTestFinished(() => web.stop());
  await eventually(() => expect(web.state?.()).toMatchObject({ state: 'ok' }));

  for (let time = 0; time < 500; time++) {
    for (const job of ['sync', 'outbox']) web.ring(job);
    await new Promise((resolve) => setImmediate(resolve));
  }

  await eventually(async () => expect(await redis.say('LLEN', 'lucy:doorbell:wait')).toBe(2));
  const keys = ((await redis.say('KEYS', '*')) as string[]).sort();
  expect(keys.filter((key) => key.includes('ring-'))).toEqual([
    'lucy:doorbell:ring-outbox',
    'lucy:doorbell:ring-sync',
  ]);
  expect(await redis.say('HGET', 'lucy:doorbell:ring-sync', 'data')).toBe('{}');
  expect(Number(await redis.say('XLEN', 'lucy:doorbell:events'))).toBeLessThan(400);
});

test.skipIf(!hasRedis)(
  'FLUSHALL, a kill and a hanging Redis cost rings and nothing else; each is told once',
  async () => {
    const redis = await testRedis();
    const { web, told, isUp, isAway, isHeard } = twoSides(redis.url);
    await isUp();
    await isHeard('sync');

    await redis.say('FLUSHALL');
    await isHeard('outbox');
    expect(told).toEqual([]);

    await redis.kill();
    await isAway();
    for (let time = 0; time < 1_000; time++) web.ring('sync');
    expect(web.state?.().detail).not.toContain('127.0.0.1');
    await redis.start();
    await isUp();
    await isHeard('sync');
    expect(told.map(({ event }) => event)).toEqual(['redis_away']);

    redis.pause();
    const since = performance.now();
    for (let time = 0; time < 1_000; time++) web.ring('sync');
    expect(performance.now() - since).toBeLessThan(1_000);
    await isAway();
    redis.resume();
    await isHeard('effects');
    await isUp();
  },
);

test.skipIf(!hasRedis)('a stop waits for no Redis that hangs or is not there', async () => {
  const redis = await testRedis();
  const { web, worker, isUp } = twoSides(redis.url);
  await isUp();
  redis.pause();
  web.ring('sync');

  const since = performance.now();
  await Promise.all([web.stop(), worker.stop()]);
  expect(performance.now() - since).toBeLessThan(10_000);

  const nobody = createRedisDoorbell({
    url: 'redis://127.0.0.1:9',
    log: createLog('silent'),
    onRing: () => {},
  });
  nobody.ring('sync');
  await nobody.stop();
});

test.skipIf(!hasRedis)('a password opens the door, and a wrong one is told without it', async () => {
  const redis = await testRedis({ password: 'knock:@knock' });
  const right = redis.url.replace('knock:@knock', encodeURIComponent('knock:@knock'));
  const { isUp, isHeard } = twoSides(right);
  await isUp();
  await isHeard('sync');

  const wrong = twoSides(right.replace('knock', 'wrong'));
  await eventually(() => expect(wrong.web.state?.().detail).toMatch(/WRONGPASS|NOAUTH/));
  wrong.web.ring('sync');
  expect(wrong.told.map(({ event }) => event)).toEqual(['redis_away']);
  expect(JSON.stringify(wrong.told)).not.toContain('wrong%3A');
});

test.skipIf(!hasRedis)('a full Redis takes no ring, and that is all', async () => {
  const redis = await testRedis({ args: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] });
  const { web, isUp } = twoSides(redis.url);
  await isUp();

  await eventually(() => {
    web.ring('sync');
    expect(web.state?.().detail).toContain('OOM');
  });

  await redis.say('CONFIG', 'SET', 'maxmemory', '0');
  await eventually(() => {
    web.ring('sync');
    expect(web.state?.()).toMatchObject({ state: 'ok' });
  });
});
