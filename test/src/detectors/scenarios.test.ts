import { expect, test } from 'vitest';
import { ScenarioRefused } from '#sandbox/stripe/scenario.ts';
import { runScenario, scenarios } from '#sandbox/stripe/scenarios.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { watching } from '#test/world/detector-world.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';

/** Debts after a refund are what the detector is for; Sofia spends nothing here, so there are none. */
test('whatever happens at Stripe, with webhooks and without them, accuses nobody', async () => {
  const world = await recoveryWorld();
  const { stripe, deps, clock } = world;
  const { watch, open, told } = watching(world);
  await watch(1);
  const ran: string[] = [];
  const settle = async () => {
    await stripe.idle();
    await world.work();
    await watch(1);
    await world.poll();
    await world.work();
    await runTimers(deps);
    await watch(1);
  };

  for (let round = 0; round < 2; round++) {
    for (const { id } of scenarios) {
      try {
        await runScenario(stripe, id);
        ran.push(id);
      } catch (error) {
        if (!(error instanceof ScenarioRefused)) throw error;
      }
      await settle();
    }
    clock.advance(HOUR_MS);
    await settle();
  }
  await watch(10);

  expect(new Set(ran).size).toBeGreaterThan(12);
  expect(await open()).toEqual([]);
  expect(await told()).toEqual([]);
}, 120_000);
