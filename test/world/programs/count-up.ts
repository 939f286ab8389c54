import { openDatabase } from '#db/connection.ts';
import { lockAccount, updateAccount } from '#db/credit-accounts.ts';
import { inTransaction } from '#db/transaction.ts';

/** Reads a number and writes one more, argv[4] times, on the account of the customer argv[3]. */
const [, , url = '', customerId = '', times = '0'] = process.argv;
const database = openDatabase(url);
for (let time = 0; time < Number(times); time++) {
  await inTransaction(database, async (sql) => {
    const account = await lockAccount(sql, 'acc_test', customerId);
    await updateAccount(sql, account.id, { next_seq: account.next_seq + 1 });
  });
}
await database.close();
