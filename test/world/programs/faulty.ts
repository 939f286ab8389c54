import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a Lucy before her own first line (`NODE_OPTIONS=--import=…`), to break her in ways that come from nowhere:
 * SIGUSR2 is a promise that nobody catches, SIGHUP fills the memory to its end, and SKEW_MS puts the machine's clock
 * forward or back.
 */
if (isMainThread) {
  process.on('SIGUSR2', () => {
    void Promise.reject(new Error('A promise that nobody caught'));
  });
  process.on('SIGHUP', () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push(Array.from({ length: 10_000 }, () => ({})));
  });
}

const skewMs = Number(process.env.SKEW_MS ?? 0);
if (skewMs !== 0) {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, as) =>
      Reflect.construct(target, args.length === 0 ? [Real.now() + skewMs] : args, as),
    apply: () => new Real(Real.now() + skewMs).toString(),
    get: (target, name) => (name === 'now' ? () => Real.now() + skewMs : Reflect.get(target, name)),
  });
}
