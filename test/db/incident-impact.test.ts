import { expect, test } from 'vitest';
import { insertCustomerIfNew } from '#db/customers.ts';
import { readIncidentImpact } from '#db/incident-impact.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

test.each<[string, Cause['surface'], number]>([
  ['credits consume', 'api', 0],
  ['usage record', 'api', 0],
  ['credits hold', 'api', 0],
  ['credits hold settle', 'api', 0],
  ['credits consume', 'slack', 1],
  ['credits grant', 'terminal', 1],
  ['report record', 'api', 1],
  ['stripe sync', 'webhook', 1],
])(
  'a customer for whom there was a “%s” by way of %s is touched by an incident: %i',
  async (command, surface, customers) => {
    const { knex } = (await freshDatabase()).database;
    const id = newId('cust', testStart);
    const sofia = { id, email: 'sofia@firm.com', name: null, email_verified_at: null, created_at: testStart };
    await insertCustomerIfNew(knex, sofia);
    const audit = { command, outcome: 'done' as const, customerId: id, input: {}, before: null, after: null };
    await recordAudit(knex, testCause(testStart, { surface }), audit);

    expect(await readIncidentImpact(knex, testStart, testStart + 1)).toMatchObject({ customers });
  },
);
