import { expect, test } from 'vitest';
import { askElsewhere } from '#src/diagnosis/elsewhere.ts';

test('only what looks like an id is asked of the log index and of Sentry, wherever it came from', async () => {
  const asked: string[][] = [];
  const note = async ({ ids }: { ids: readonly string[] }) => {
    asked.push([...ids]);
    return { kind: 'unset' as const, missing: [] };
  };
  const telemetry = {
    logs: { read: note },
    sentry: { find: note },
  };
  const ids = ['error', 'e', 'somebody', 'req-1', 'a b c d e 1', 'req-8f14', 'cor_01jd2n8t1k5wq7x3e9r4'];
  await askElsewhere(telemetry as never, { ids, from: 0, to: 1, mayAskByTime: true });
  const none = await askElsewhere(telemetry as never, {
    ids: ['error'],
    from: 0,
    to: 1,
    mayAskByTime: false,
  });

  expect(asked).toEqual([ids.slice(-2), ids.slice(-2)]);
  expect(none.logs).toEqual({ kind: 'unasked' });
});
