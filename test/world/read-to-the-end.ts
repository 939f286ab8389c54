import { createCarrier } from '#src/reconciliation/carry.ts';
import type { ListedStripe } from './listed-stripe.ts';
import type { ReconcileWorld } from './reconcile-world.ts';

/** Begins a run and carries it until it is over; how it ended, and how many objects were seen. */
export async function readToTheEnd(
  { recon, as, database, clock }: ReconcileWorld,
  listed: ListedStripe,
): Promise<{ state: string; seen: number }> {
  await as('bea', 'reconcile run --reason "a test"');
  const carrier = createCarrier({ ...recon, stripe: listed.gateway });
  const state = async () => (await database.knex('reconcile_runs').first('state')).state;
  for (let looks = 0; (await state()) === 'running'; looks++) {
    if (looks > 1_000) throw new Error('It never came to its end');
    if ((await carrier.carry(() => true)) === 0) clock.advance(1_000);
  }
  const { n } = (await database.knex('reconcile_shards').sum({ n: 'seen' }).first()) ?? {};
  return { state: await state(), seen: Number(n) };
}
