import { expect, test } from 'vitest';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { listedStripe } from '#test/world/listed-stripe.ts';
import { reconcileWorld } from '#test/world/reconcile-world.ts';
import { testStart } from '#test/world/test-clock.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;

test.each([false, true])(
  'whether or not (%s) a deadlock undoes the first division of a range, everything is read',
  async (isUndone) => {
    const createdAt = Array.from(
      { length: 6_000 },
      (_none, n) => testStart - DAY_MS * 2_000 * (1 - Math.sqrt((n + 1) / 6_001)),
    );
    const world = await reconcileWorld({ reconcile: { requests_per_second: 100 } });
    const listed = listedStripe(world.recon.stripe, createdAt);
    const real = world.recon.database;
    let undone = 0;
    const knex = new Proxy(real.knex, {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name, target);
        return (work: (trx: unknown) => Promise<unknown>) =>
          target.transaction(async (trx) => {
            const count = async () => Number((await trx('reconcile_shards').count({ n: '*' }).first())?.n);
            const before = await count();
            const result = await work(trx);
            if (isUndone && undone < 1 && before >= 3 && (await count()) > before) {
              undone++;
              throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
            }
            return result;
          });
      },
    });
    const recon = { ...world.recon, stripe: listed.gateway, database: { ...real, knex } };
    const begun = await world.as('bea', 'reconcile run --reason "a test" --json');
    const id = begun.json<{ reconciliation: string }>().reconciliation;
    const state = async () => (await real.knex('reconcile_runs').where({ id }).first('state')).state;
    const carrier = createCarrier(recon);
    for (let looks = 0; ['running', 'waiting'].includes(await state()); looks++) {
      if (looks > 1_000) throw new Error('It never came to its end');
      if ((await carrier.carry()) === 0) world.clock.advance(SECOND_MS);
    }
    const read = await real
      .knex('reconcile_shards')
      .where({ run_id: id, list: 'subscriptions' })
      .sum({ n: 'seen' })
      .first();
    expect({ state: await state(), seen: Number(read?.n), undone }).toEqual({
      state: 'done',
      seen: 6_000,
      undone: isUndone ? 1 : 0,
    });
  },
);
