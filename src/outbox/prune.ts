import type { Database } from '#db/connection.ts';
import {
  deleteMailsBefore,
  deleteMessages,
  deleteMessagesBefore,
  listOldMessages,
} from '#db/outbox-retention.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Clock, DAY_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

type Deps = { database: Database; clock: Clock; settings: Pick<Settings, 'retention'> };

/** docs/decisions/0005: what colleagues and customers were told is evidence as long as Stripe's events are. */
const OF_CUSTOMERS_MS = 400 * DAY_MS;
/** Small, so that nobody waits for a part of it. */
const AT_ONCE = 100;

/**
 * Takes a part of the old messages and mails at each call, and returns how much it looked at. Where it stands in the
 * list is only remembered so that what is kept is not read over and over.
 */
export function createMessagePruner(deps: Deps): () => Promise<number> {
  let after = '';
  return async () => {
    const { database, clock, settings } = deps;
    const now = clock.now();
    const before = now - settings.retention.messages_days * DAY_MS;
    const { last, ids } = await listOldMessages(database.knex, after, before, AT_ONCE);
    if (ids.length > 0) await inTransaction(database, (sql) => deleteMessages(sql, ids));
    if (last !== null) after = last;
    const ofCustomers = await inTransaction(
      database,
      async (sql) =>
        (await deleteMessagesBefore(sql, now - OF_CUSTOMERS_MS, AT_ONCE)) +
        (await deleteMailsBefore(sql, now - OF_CUSTOMERS_MS, AT_ONCE)),
    );
    return (last === null ? 0 : AT_ONCE) + ofCustomers;
  };
}
