import type { Wire } from './wire.ts';

/** How often the predicate is asked beside the changes: what it looks at may be Lucy's, not ours. */
const pollMs = 10;

type Options = {
  onChange: (listener: () => void) => () => void;
  timeoutMs: number;
  /** What crossed last tells most about why something did not happen. */
  wire: Wire;
};

/** Resolves with the first truthy answer; rejects after `timeoutMs`, or when the predicate throws. */
export function waitFor<T>(
  predicate: () => T | Promise<T>,
  { onChange, timeoutMs, wire }: Options,
): Promise<NonNullable<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T>>();
  const ask = async () => {
    try {
      const answer = await predicate();
      if (answer) resolve(answer);
    } catch (error) {
      reject(error);
    }
  };
  const stop = onChange(() => void ask());
  const poll = setInterval(() => void ask(), pollMs);
  const timer = setTimeout(() => reject(new Error(inVain(predicate, timeoutMs, wire))), timeoutMs);
  void ask();
  return promise.finally(() => {
    stop();
    clearInterval(poll);
    clearTimeout(timer);
  });
}

function inVain(predicate: () => unknown, timeoutMs: number, wire: Wire): string {
  const lines = wire
    .entries()
    .slice(-5)
    .map((entry) => `  ${entry.from} → ${entry.to}: ${entry.label} (${entry.status ?? 'no answer'})`);
  const crossed = lines.length > 0 ? `What crossed last:\n${lines.join('\n')}` : 'Nothing crossed.';
  return `Waited ${timeoutMs} ms in vain for: ${String(predicate).slice(0, 200)}\n${crossed}`;
}
