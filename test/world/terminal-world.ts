import { commands } from '#commands/index.ts';
import type { Database } from '#db/connection.ts';
import type { Actor, Role } from '#src/core/actor.ts';
import { createLog } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { Runner } from '#src/runner/runner.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { freshDatabase } from './fresh-database.ts';
import { type TestClock, testClock } from './test-clock.ts';

export type TerminalWorld = {
  database: Database;
  url: string;
  clock: TestClock;
  runner: Runner;
  logs: Record<string, unknown>[];
  /** Types a command line without a TTY, as a script does. */
  lucy(line: string, as?: Actor): Promise<Typed>;
  /** Types it with a person at the keyboard, who gives these answers, or does something first. */
  lucyWithPerson(line: string, answers: Answer[], as?: Actor): Promise<Typed>;
};

export type Answer = string | (() => Promise<string>);

export type Typed = { code: number; out: string; err: string; json<T = Record<string, unknown>>(): T };

/** The terminal with a database of its own: what a person types, and what they see. */
export async function terminalWorld(
  options: {
    settings?: Settings;
    stripe?: StripeGateway;
    /** A database that is there already. */
    given?: { database: Database; url: string };
  } = {},
): Promise<TerminalWorld> {
  const { database, url } = options.given ?? (await freshDatabase());
  const clock = testClock();
  const logs: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line: string) => void logs.push(JSON.parse(line)) });
  const runner: Runner = {
    database,
    settings: options.settings ?? sampleSettings,
    clock,
    log,
    mode: 'test',
    stripe: options.stripe ?? null,
    commands,
  };
  const type = async (line: string, answers: Answer[] | null, as: Actor): Promise<Typed> => {
    let out = '';
    let err = '';
    const ask = async () => {
      const answer = answers?.shift() ?? '';
      return typeof answer === 'string' ? answer : answer();
    };
    const code = await runTerminal(runner, as, shellWords(line), {
      write(text) {
        out += text;
      },
      writeError(text) {
        err += text;
      },
      ask: answers ? ask : null,
    });
    return { code, out, err, json: () => JSON.parse(out) };
  };
  return {
    database,
    url,
    clock,
    runner,
    logs,
    lucy: (line, as = staff('admin')) => type(line, null, as),
    lucyWithPerson: (line, answers, as = staff('admin')) => type(line, answers, as),
  };
}

/** A member of staff with these roles. */
export function staff(...roles: Role[]): Actor {
  const name = roles[0] ?? 'nobody';
  return {
    kind: 'staff',
    id: `terminal:${name}`,
    name: `terminal:${name}`,
    person: `terminal:${name}`,
    roles,
    refusal: null,
  };
}

export function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map((match) => match[1] ?? match[0]);
}
