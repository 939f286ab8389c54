import { openDatabase } from '#db/connection.ts';
import { sealNext } from '#src/audit/seal.ts';
import { systemClock } from '#src/core/clock.ts';

/** Seals the audit of the database at argv[2]; dies without a goodbye when it is about to run a statement like argv[3]. */
const [, , url = '', fatal] = process.argv;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
database.knex.on('query', ({ sql }: { sql: string }) => {
  if (fatal && sql.includes(fatal)) process.kill(process.pid, 'SIGKILL');
});
while ((await sealNext({ database, clock: systemClock })) > 0);
await database.close();
