import { expect, test } from 'vitest';
import { shareCalls } from '#src/core/share-calls.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Batches that end when the test says so. */
function heldBatches() {
  const batches: { asked: readonly number[]; end(): void }[] = [];
  const ask = shareCalls<number, number>(100, async (asked) => {
    await new Promise<void>((resolve) => batches.push({ asked, end: resolve }));
    return asked.map((number) => ({ answer: number * 2 }));
  });
  return { ask, batches };
}

test('calls of one turn share a batch, and those that come meanwhile the next one', async () => {
  const { ask, batches } = heldBatches();

  const first = [ask(1), ask(2)];
  await nextTurn();
  const later = [ask(3), ask(4)];
  await nextTurn();
  expect(batches.map(({ asked }) => asked)).toEqual([[1, 2]]);
  batches[0]?.end();
  expect(await Promise.all(first)).toEqual([2, 4]);
  await nextTurn();
  await nextTurn();
  expect(batches[1]?.asked).toEqual([3, 4]);
  batches[1]?.end();

  expect(await Promise.all(later)).toEqual([6, 8]);
});
