import { Worker } from 'node:worker_threads';
import type { Chart } from './chart.ts';

/** Drawing takes a quarter of a second of CPU, and the first time, with the libraries, one more. */
const PATIENCE_MS = 20_000;
/** The libraries take some 100 MB, so a thread that nobody needs goes. */
const IDLE_MS = 60_000;

/**
 * Draws a chart in a thread of its own, so that nothing else waits for it: not the acknowledgements to Slack, nor the
 * webhooks. One thread draws one after the other, is started at the first chart, and does not keep a process alive.
 *
 * @returns a PNG
 */
export async function drawChart(chart: Chart): Promise<Uint8Array> {
  const mine = queue.then(() => drawNow(chart));
  queue = mine.catch(() => {});
  return mine;
}

let queue: Promise<unknown> = Promise.resolve();
let thread: Worker | null = null;
let idle: NodeJS.Timeout | undefined;

type Drawn = { png: Uint8Array } | { problem: string };

async function drawNow(chart: Chart): Promise<Uint8Array> {
  clearTimeout(idle);
  thread ??= startThread();
  const drawing = thread;
  try {
    const drawn = await answerOf(drawing, chart);
    if ('problem' in drawn) throw new Error(drawn.problem);
    idle = setTimeout(() => end(drawing), IDLE_MS).unref();
    return drawn.png;
  } catch (error) {
    end(drawing);
    throw error;
  }
}

function startThread(): Worker {
  // Text of a chart is data, so the thread gets nothing of ours: no environment, no arguments.
  const started = new Worker(new URL('./chart-thread.ts', import.meta.url), {
    env: {},
    argv: [],
    execArgv: [],
  });
  started.unref();
  return started;
}

function end(ended: Worker): void {
  if (thread === ended) thread = null;
  void ended.terminate();
}

function answerOf(drawing: Worker, chart: Chart): Promise<Drawn> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(new Error('Drawing took too long')), PATIENCE_MS);
    const done = (drawn: Drawn) => {
      stop();
      resolve(drawn);
    };
    const fail = (error: unknown) => {
      stop();
      reject(error);
    };
    const gone = () => fail(new Error('The drawing thread ended'));
    const stop = () => {
      clearTimeout(late);
      drawing.off('message', done).off('error', fail).off('exit', gone);
    };
    drawing.once('message', done).once('error', fail).once('exit', gone);
    drawing.postMessage(chart);
  });
}
