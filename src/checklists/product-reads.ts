import type { Database } from '#db/connection.ts';
import { type ProductReadRow, putProductReads } from '#db/product-reads.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

/** Many processes and many customers: more than this between two writes are not worth their memory. */
const KEPT_MAX = 10_000;

/**
 * Remembers what the product was told of each customer, and writes it down every few seconds: the product asks before
 * every call it makes, so a read itself must write nothing.
 */
export function createProductReads(database: Database, log: Log) {
  const latest = new Map<string, ProductReadRow>();
  return {
    note(read: ProductReadRow): void {
      if (latest.size < KEPT_MAX || latest.has(read.customer_id)) latest.set(read.customer_id, read);
    },
    /** Writes what was read since, and returns of how many; what cannot be written is forgotten: the product asks again. */
    async flush(): Promise<number> {
      const batch = [...latest.values()];
      latest.clear();
      try {
        for (let from = 0; from < batch.length; from += 100)
          await putProductReads(database.knex, batch.slice(from, from + 100));
      } catch (error) {
        log.warn({ event: 'product_reads_unwritten', err: error }, errorMessage(error));
      }
      return batch.length;
    },
  };
}

export type ProductReads = ReturnType<typeof createProductReads>;
