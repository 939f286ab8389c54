import { expect, test } from 'vitest';
import { sofia } from '#test/world/billing-world.ts';
import { watching } from '#test/world/detector-world.ts';
import { diagnosisWorld } from '#test/world/diagnosis-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';

/** Tables that grow with every customer, payment or call. */
const large =
  /^SCAN (?!.*USING (COVERING )?INDEX)(e|u|p|s|a|c|h|l|r|stripe_events|credit_entries|ai_usage|payments|customer_sync|entitlement_changes|audit_events|credit_accounts|credit_holds|credit_lots|customers)\b/;

test.runIf(testEngine === 'sqlite')(
  'neither the detectors nor a diagnosis read a growing table from its beginning',
  async () => {
    const world = await diagnosisWorld();
    const { knex } = world.database;
    const { look } = watching(world);
    const asked = new Map<string, readonly unknown[]>();
    knex.on('query', ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) => {
      if (/^(select|with)/i.test(sql)) asked.set(sql, bindings);
    });
    await world.receive(events.invoice('paid', world.truth.payInvoice('sub_1')));
    await world.drain();
    asked.clear();
    world.clock.advance(600_000);
    await look();
    await world.diagnose(sofia.email);
    knex.removeAllListeners('query');

    const scans: string[] = [];
    for (const [sql, bindings] of asked) {
      const plan: { detail: string }[] = await knex.raw(`explain query plan ${sql}`, bindings as string[]);
      // What a subquery has cut to a page is read whole.
      const pages = plan.flatMap(({ detail }) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)/.exec(detail)?.[1] ?? []);
      for (const { detail } of plan)
        if (large.test(detail) && !pages.includes(detail.split(' ')[1] ?? ''))
          scans.push(`${detail}: ${sql}`);
    }
    expect(asked.size).toBeGreaterThan(30);
    expect(scans).toEqual([]);
  },
);
