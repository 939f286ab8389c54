import { createHmac, timingSafeEqual } from 'node:crypto';

/** The least that a floor does with a webhook before it stores it: the signature over the raw bytes. */
export function isSigned(secret: string, body: Buffer, header: string): boolean {
  const { t = '', v1 = '' } = Object.fromEntries(
    header.split(',').map((part) => part.split('=') as [string, string]),
  );
  const mac = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
  const given = Buffer.from(v1, 'hex');
  return given.length === mac.length && timingSafeEqual(given, mac);
}

/** Rows of one turn, and those that come while a batch is stored, share the next; each is told after its commit. */
export function storeTogether<Row>(store: (rows: Row[]) => unknown): (row: Row, done: () => void) => void {
  let waiting: { row: Row; done: () => void }[] = [];
  let isStoring = false;

  async function flush(): Promise<void> {
    isStoring = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const stored = store(batch.map(({ row }) => row));
      // SQLite answers within the turn; waiting for a promise would only cost the floor.
      if (stored) await stored;
      for (const { done } of batch) done();
    }
    isStoring = false;
  }

  return (row, done) => {
    if (waiting.length === 0 && !isStoring) setImmediate(flush);
    waiting.push({ row, done });
  };
}
