import { expect, test } from 'vitest';
import type { Document } from '#src/documents/document.ts';
import { setPdf } from '#src/documents/set-pdf.ts';
import { setPdfAside } from '#src/documents/set-pdf-aside.ts';

const columns = ['When', 'Who', 'What'].map((title) => ({ title, share: 1 }));
const rows = Array.from({ length: 400 }, (_none, at) => [
  `day ${at}`,
  'Sofia',
  'used three credits for a report',
]);
const long: Document = {
  title: 'A long list',
  about: [],
  foot: 'Lucy',
  author: 'Lucy',
  datedAt: 0,
  blocks: [{ kind: 'table', columns, rows, empty: '' }],
};

/**
 * CPU time of this thread, which is what everybody else on its event loop waits for; microseconds. The least of five, for
 * the collector may be clearing up after any other test meanwhile.
 */
async function ownCpu(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const before = process.threadCpuUsage();
    await work();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

test('a long document is set beside the event loop, which is free meanwhile', async () => {
  // The first time starts the thread and loads the libraries.
  await Promise.all([setPdf(long), setPdfAside(long)]);

  const here = await ownCpu(() => setPdf(long));
  const aside = await ownCpu(() => setPdfAside(long));

  expect(aside).toBeLessThan(here / 4);
  const [one, other] = [await setPdf(long), await setPdfAside(long)];
  expect(other.pages).toBe(one.pages);
  expect(Buffer.from(other.bytes).equals(Buffer.from(one.bytes))).toBe(true);
});
