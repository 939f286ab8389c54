import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';

/**
 * Migrates the database at argv[2]; dies without a goodbye when it is about to run a statement like argv[3], or, said
 * as `#12`, its twelfth that writes. Prints how many there were.
 */
const [, , url = '', fatal] = process.argv;
let writes = 0;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
database.knex.on('query', ({ sql }: { sql: string }) => {
  if (!/^(select|pragma)/i.test(sql)) writes++;
  if (fatal && (sql.includes(fatal) || fatal === `#${writes}`)) process.kill(process.pid, 'SIGKILL');
});
await migrate(database);
await database.close();
process.stdout.write(`${writes} statements\n`);
