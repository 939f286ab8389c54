import { Worker } from 'node:worker_threads';

/** What somebody waits for takes no longer than this, unless its caller knows better. */
const PATIENCE_MS = 20_000;
/** The libraries take some 100 MB, so a thread that nobody needs goes. */
const IDLE_MS = 60_000;

type Said<Result> = { result: Result } | { problem: string };

/**
 * A thread of its own for work that takes long to reckon, so that nothing else waits for it: not the acknowledgements to
 * Slack, nor the webhooks. It does one thing after the other, is started at the first, and keeps no process alive. Its
 * file answers each message with `{ result }` or `{ problem }`.
 */
export function createSideThread<Task, Result>(
  file: URL,
  patienceMs = PATIENCE_MS,
): (task: Task) => Promise<Result> {
  let queue: Promise<unknown> = Promise.resolve();
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;

  async function doNow(task: Task): Promise<Result> {
    clearTimeout(idle);
    // What it works on is data, so the thread gets nothing of ours: no environment, no arguments.
    thread ??= new Worker(file, { env: {}, argv: [], execArgv: [] });
    const working = thread;
    working.unref();
    try {
      const said = await answerOf<Said<Result>>(working, task, patienceMs);
      if ('problem' in said) throw new Error(said.problem);
      idle = setTimeout(() => end(working), IDLE_MS).unref();
      return said.result;
    } catch (error) {
      end(working);
      throw error;
    }
  }

  function end(ended: Worker): void {
    if (thread === ended) thread = null;
    void ended.terminate();
  }

  return (task) => {
    const mine = queue.then(() => doNow(task));
    queue = mine.catch(() => {});
    return mine;
  };
}

function answerOf<Answer>(thread: Worker, task: unknown, patienceMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(new Error('A side thread took too long')), patienceMs);
    const done = (answer: Answer) => {
      stop();
      resolve(answer);
    };
    const fail = (error: unknown) => {
      stop();
      reject(error);
    };
    const gone = () => fail(new Error('A side thread ended before its work'));
    const stop = () => {
      clearTimeout(late);
      thread.off('message', done).off('error', fail).off('exit', gone);
    };
    thread.once('message', done).once('error', fail).once('exit', gone);
    thread.postMessage(task);
  });
}
