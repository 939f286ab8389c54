import { openDatabase } from '#db/connection.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { sharedSpend } from '../shared-spends.ts';

/**
 * Three waves of 20 spends of one credit, each wave at once; prints the keys that were answered. With argv[4] it is
 * killed inside the transaction of the spend of that number.
 */
const [, , url = '', customerId = '', killAt = ''] = process.argv;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
const spendTogether = createSpendTogether(database);
let decided = 0;
for (let wave = 0; wave < 3; wave++) {
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const key = `wave-${wave}-${index}`;
      const spend = sharedSpend(customerId, key, 1);
      const end = await spendTogether({
        ...spend,
        tell(customer, entry) {
          decided++;
          if (killAt !== '' && decided === Number(killAt)) process.kill(process.pid, 'SIGKILL');
          return spend.tell(customer, entry);
        },
      });
      process.stdout.write(`${end.kind} ${key}\n`);
    }),
  );
}
await database.close();
