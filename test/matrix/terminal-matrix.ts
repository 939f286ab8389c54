import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { type TerminalWorld, terminalWorld } from '#test/world/terminal-world.ts';
import { logins, matrixSettings, soleSettings, type TerminalKind, terminalPrincipal } from './principals.ts';

/** The exit code of a refusal (DESIGN section 9). */
export const REFUSED = 3;

/** What came of a line: its exit code, whether its refusal is in the audit, and the tables that it changed. */
export type Came = { code: number; err: string; isWrittenDown: boolean; changed: string[] };

/** The terminal with this kind of somebody before it. */
export async function atTerminal(
  kind: TerminalKind,
): Promise<TerminalWorld & { type(line: string): Promise<Came> }> {
  const login = logins[kind];
  const settings = login === null ? soleSettings : matrixSettings;
  const world = await terminalWorld({ settings });
  const { database, clock } = world;
  const actor = await terminalPrincipal(database, settings, login ?? 'ada', clock.now());
  const refusals = async () =>
    (await database.knex('audit_events').where({ outcome: 'refused', surface: 'terminal' })).length;
  return {
    ...world,
    async type(line) {
      const before = await fingerprint(database);
      const refusalsBefore = await refusals();
      const { code, err } = await world.lucy(line, actor);
      return {
        code,
        err,
        isWrittenDown: (await refusals()) > refusalsBefore,
        changed: changedTables(before, await fingerprint(database), bookkeeping),
      };
    },
  };
}
