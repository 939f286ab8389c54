import { openDatabase } from '#db/connection.ts';
import { addPolicyUsage, listPolicyUsage } from '#db/policy-usage.ts';
import { inTransaction, patiently } from '#db/transaction.ts';
import { addUsage, holdUsage } from '#src/policy/usage.ts';

/**
 * Counts 10 credits of Sam for one customer as often as argv[4] fits into argv[5] a day, and prints how often. Begins
 * when argv[6] processes are there.
 */
const [, , url = '', now = '0', times = '0', most = '0', processes = '1'] = process.argv;
const database = openDatabase(url);
const { knex } = database;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const gate = { subject: 'gate', command: 'test', day: 'today' };
await patiently(() => addPolicyUsage(knex, { ...gate, measure: 'runs', amount: 1 }));
while (((await listPolicyUsage(knex, gate))[0]?.amount ?? 0) < Number(processes)) await pause(5);

let granted = 0;
for (let time = 0; time < Number(times); time++) {
  granted += await inTransaction(database, async (sql) => {
    const { customer } = await holdUsage(sql, Number(now), ['sam'], 'cust_sofia', 'credits grant');
    if ((customer?.credits ?? 0) + 10 > Number(most)) return 0;
    await pause(10);
    await addUsage(sql, Number(now), 'sam', 'cust_sofia', 'credits grant', { credits: 10 });
    return 1;
  });
}
process.stdout.write(String(granted));
await database.close();
