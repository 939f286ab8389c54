/** How one call of a batch ended: with its answer, or with its own error. */
export type Settled<Answer> = { answer: Answer } | { error: unknown };

/**
 * Calls that come in one turn of the event loop, or while a batch runs, share the next batch, so that what a batch
 * costs once (a commit, a round trip) is paid once for many. Each caller hears its own end only after its batch is over.
 *
 * @param max how many share one batch at most: a batch may hold the event loop for as long as it takes
 * @param run answers in the order of its batch; what it throws is told to every caller of the batch
 */
export function shareCalls<Asked, Answer>(
  max: number,
  run: (batch: readonly Asked[]) => Promise<readonly Settled<Answer>[]>,
): (asked: Asked) => Promise<Answer> {
  type Waiting = { asked: Asked; done(answer: Answer): void; failed(error: unknown): void };
  let waiting: Waiting[] = [];
  let isRunning = false;

  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, done: resolve, failed: reject });
      if (isRunning) return;
      isRunning = true;
      setImmediate(runAll);
    });

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, max);
      waiting = waiting.slice(max);
      try {
        const ends = await run(batch.map(({ asked }) => asked));
        for (const [index, { done, failed }] of batch.entries()) {
          const end = ends[index];
          if (end && 'answer' in end) done(end.answer);
          else failed(end?.error ?? new Error('The batch did not answer this call'));
        }
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
      // Whoever else waits for the event loop goes first; what came in meanwhile shares the next batch.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
  }
}
