import { expect, test } from 'vitest';
import { sqliteFileOf } from '#db/backup-sqlite.ts';
import type { Database } from '#db/connection.ts';
import { checkAside } from '#src/backups/check-aside.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';
import { testStart } from '#test/world/test-clock.ts';

test.skipIf(testEngine !== 'sqlite')(
  'a copy is read through by a thread, and not by this process’s own connection',
  async () => {
    const { database } = await freshDatabase();
    // Whatever asked this one would fail: it knows where its file lies, and nothing else.
    const filename = sqliteFileOf(database.knex);
    const blind = { engine: 'sqlite', knex: { client: { config: { connection: { filename } } } } };
    const proof = await checkAside(blind as unknown as Database, testStart);
    expect(proof).toMatchObject({ problems: [], facts: { auditId: null } });
  },
);
