import type { Settings } from '#src/core/settings.ts';
import { type TerminalWorld, type Typed, terminalWorld } from './terminal-world.ts';

export type SofiaWorld = TerminalWorld & {
  /** Types a change and insists that it is done. */
  done(line: string): Promise<Typed>;
  /** `customer show --json`. */
  show(): Promise<Record<string, unknown>>;
  rows<T = Record<string, unknown>>(table: string, where?: Record<string, unknown>): Promise<T[]>;
};

/** The terminal with one customer, sofia@firm.com, who has nothing yet. */
export async function sofiaWorld(options: { settings?: Settings } = {}): Promise<SofiaWorld> {
  const world = await terminalWorld(options);
  const done = async (line: string) => {
    const typed = await world.lucy(`${line} --yes`);
    if (typed.code !== 0) throw new Error(`“${line}” exited with ${typed.code}: ${typed.err}${typed.out}`);
    return typed;
  };
  await done('customer add sofia@firm.com --reason "new account"');
  return {
    ...world,
    done,
    show: async () => (await world.lucy('customer show sofia@firm.com --json')).json(),
    rows: (table, where = {}) => world.database.knex(table).where(where).orderBy('id'),
  };
}

/** The run on a receipt. */
export function runOf(typed: Typed): string {
  const id = /\bRun\s+(run_[0-9a-z]+)/.exec(typed.out)?.[1];
  if (!id) throw new Error(`There is no run on: ${typed.out}${typed.err}`);
  return id;
}

export function idIn(typed: Typed, prefix: string): string {
  const id = new RegExp(`\\b${prefix}_[0-9a-z]+`).exec(typed.out)?.[0];
  if (!id) throw new Error(`There is no ${prefix}_… in: ${typed.out}${typed.err}`);
  return id;
}
