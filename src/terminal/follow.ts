import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { defang } from '#src/core/text.ts';
import type { Progress } from '#src/replies/progress.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Runner } from '#src/runner/runner.ts';

/** The end of a terminal that takes a bar: a TTY’s stderr. */
export type BarStream = NodeJS.WritableStream;

export type FollowTerminal = {
  writeError(text: string): void;
  /** Null, or left out, where lines go that nobody overwrites. */
  bar?: BarStream | null;
  /** Gives work a signal that comes with Ctrl-C; without it nothing interrupts. */
  untilInterrupted?<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

export type Meter = { show(progress: Progress): void; stop(): void };

const LINE_EVERY_MS = 10 * SECOND_MS;

/** Stays with what an answer began, to its end, and shows how it goes; the last word is its outcome. */
export async function followReply(
  runner: Runner,
  reply: Reply,
  terminal: FollowTerminal,
  isJson: boolean,
): Promise<Reply> {
  const { follow, clock } = runner;
  const key = reply.follow;
  if (key === undefined || !follow) return reply;
  const meter = await createMeter(clock, terminal, isJson);
  const work = (signal: AbortSignal) => follow(key, meter.show, signal);
  try {
    const until = terminal.untilInterrupted ?? ((run) => run(new AbortController().signal));
    return (await until(work)) ?? reply;
  } finally {
    meter.stop();
  }
}

/** Shows how work goes: a bar where there is a TTY, lines where there is none, nothing beside JSON. */
export async function createMeter(clock: Clock, terminal: FollowTerminal, isJson: boolean): Promise<Meter> {
  if (isJson) return silent;
  return terminal.bar ? bar(terminal.bar) : lines(clock, terminal);
}

const silent: Meter = { show() {}, stop() {} };

/** A line now and then, for a log. */
function lines(clock: Clock, terminal: FollowTerminal): Meter {
  let last = Number.NEGATIVE_INFINITY;
  return {
    show({ words }) {
      if (clock.now() - last < LINE_EVERY_MS) return;
      last = clock.now();
      terminal.writeError(`${defang(words)}\n`);
    },
    stop() {},
  };
}

async function bar(stream: BarStream): Promise<Meter> {
  const { default: cliProgress } = await import('cli-progress');
  const shown = new cliProgress.SingleBar({
    stream,
    format: '{bar} {percentage}% | {words}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    fps: 4,
  });
  let isShown = false;
  return {
    show({ done, total, words }) {
      const payload = { words: defang(words) };
      if (!isShown) shown.start(Math.max(total, 1), done, payload);
      isShown = true;
      shown.setTotal(Math.max(total, 1));
      shown.update(done, payload);
    },
    stop() {
      if (isShown) shown.stop();
    },
  };
}
