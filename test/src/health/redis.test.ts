import { expect, test } from 'vitest';
import { createLog } from '#src/core/log.ts';
import { createRedisDoorbell } from '#src/gateways/redis-doorbell.ts';
import { down } from '#src/health/probe.ts';
import { watchHealth } from '#src/health/watch.ts';
import { type HealthWorld, healthWorld } from '#test/world/health-world.ts';

const AWAY = 'Redis cannot be used (ECONNREFUSED); work is found by looking for it, and nothing is lost.';
const away = { state: 'degraded' as const, detail: AWAY };

const alerts = (world: HealthWorld) =>
  world.slack.messages('lucy-oncall').filter(({ text }) => text.includes('Redis'));
const calls = async (world: HealthWorld) => [
  ...(await world.database.knex('outbox').whereLike('target', 'user:%')),
  ...(await world.database.knex('timers').where({ kind: 'alert_call' })),
];

test('Redis away is told once in the channel: what it means, that it can wait, and nobody is mentioned or called', async () => {
  const world = await healthWorld();
  world.now.redis = away;
  await world.look(3);

  const [card, ...others] = alerts(world);
  expect(others).toEqual([]);
  expect(card?.text).toBe(`Redis: ${AWAY}`);
  expect(card?.reads).toContain('nothing is lost.');
  expect(card?.reads).toMatch(/Called\W+nobody, it can wait/);
  expect(JSON.stringify(card)).not.toMatch(/<@|<!subteam/);

  world.now.redis = down('It could not be looked at.');
  world.clock.advance(3_600_000);
  await world.tick();
  await world.look(6);
  expect(alerts(world)).toHaveLength(1);
  expect(await calls(world)).toEqual([]);
});

test('Redis back edits the same card and says so below it', async () => {
  const world = await healthWorld();
  world.now.redis = away;
  await world.look(3);
  const [card] = alerts(world);
  world.now.redis = { state: 'ok', detail: 'Redis answers.' };
  await world.look(2);

  const [edited, reply] = alerts(world);
  expect(edited?.ts).toBe(card?.ts);
  expect(edited?.text).toMatch(/^Redis: well again after/);
  expect(reply?.text).toMatch(/^Redis: well again after/);
});

test('without REDIS_URL there is nothing to look at, and an alert of before is closed', async () => {
  const world = await healthWorld();
  const { redis: _redis, ...parts } = world.deps.parts;
  const without = { ...world.deps, parts };
  await watchHealth(without);
  expect(await world.database.knex('health_probes').where({ id: 'redis' }).first()).toMatchObject({
    checked_at: 0,
  });

  world.now.redis = away;
  await world.look(3);
  world.clock.advance(30_000);
  await watchHealth(without);
  await world.pumpAll();

  expect(alerts(world)[0]?.reads).toContain('It is not set up any more');
  expect(await world.database.knex('health_alerts').whereNull('recovered_at')).toEqual([]);
  expect(await world.database.knex('health_probes').where({ id: 'redis' }).first()).toMatchObject({
    state: 'unknown',
  });
});

test('a doorbell whose Redis is away is what the probe sees, without the address', async () => {
  const world = await healthWorld();
  const bell = createRedisDoorbell({ url: 'redis://127.0.0.1:9', log: createLog('silent'), onRing: null });
  const { state } = bell;
  try {
    for (let round = 0; round < 3; round++) {
      world.clock.advance(30_000);
      await watchHealth({
        ...world.deps,
        parts: { ...world.deps.parts, ...(state ? { redis: state } : {}) },
      });
    }
  } finally {
    await bell.stop();
  }
  await world.pumpAll();
  expect(alerts(world)[0]?.text).toContain('Redis cannot be used');
  expect(alerts(world)[0]?.text).not.toContain('127.0.0.1');
});
