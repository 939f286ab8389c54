import type { BreakGlassRow } from '#db/break-glass.ts';
import { people } from '#sandbox/cast.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type BillingWorld, billingWorld } from './billing-world.ts';
import type { Typed } from './terminal-world.ts';

export type Who = 'sam' | 'bea' | 'bo' | 'olu' | 'ada';

export type GlassWorld = BillingWorld & {
  /** Types a change at the terminal and confirms it, as this person. */
  type(who: Who, line: string): Promise<Typed>;
  /** Breaks the glass and insists that it is done. */
  broken(who?: Who, span?: string): Promise<BreakGlassRow>;
  glasses(): Promise<BreakGlassRow[]>;
  /** What a channel, or a person directly (`user:U…`), is told of break-glasses; oldest first. */
  told(target: string): Promise<Reply[]>;
};

const MINUTE_MS = 60_000;

/** The cast with the roles that the design gives them, each known in Slack and at the terminal. */
export function castOfGlass(patch: Record<string, unknown> = {}): Settings {
  const entry = (handle: Who, role: string) => [
    handle,
    { name: people[handle].realName, slack: people[handle].id, terminal: handle, roles: [role] },
  ];
  return settingsSchema.parse({
    people: Object.fromEntries([
      entry('sam', 'support'),
      entry('bea', 'billing'),
      entry('bo', 'billing'),
      entry('olu', 'oncall'),
      entry('ada', 'admin'),
    ]),
    // On call may grant at night, and needs billing's yes for it.
    policy: {
      'credits grant': {
        roles: ['oncall', 'support', 'billing'],
        steps: [{ up_to: { credits: 10 } }, { approvers: { role: 'billing' } }],
      },
    },
    ...patch,
  });
}

/** The terminal with the cast, Sofia as a customer, and the timers at hand. */
export async function glassWorld(settings: Settings = castOfGlass()): Promise<GlassWorld> {
  const world = await billingWorld({ settings });
  const type = (who: Who, line: string) => world.lucy(`${line} --yes`, terminalActor(settings, who));
  const glasses = (): Promise<BreakGlassRow[]> => world.database.knex('break_glass').orderBy('id');
  return {
    ...world,
    type,
    glasses,
    async broken(who = 'olu', span = '30m') {
      const typed = await type(who, startLine(span));
      const glass = (await glasses()).at(-1);
      if (typed.code !== 0 || !glass) throw new Error(`The glass did not break: ${typed.err}${typed.out}`);
      return glass;
    },
    async told(target) {
      const rows: { payload: string }[] = await world.database
        .knex('outbox')
        .where({ target })
        .where('dedupe_key', 'like', 'glass-%')
        .orderBy('id');
      return rows.map((row) => JSON.parse(row.payload));
    },
  };
}

export function startLine(span: string): string {
  return `break-glass start --for ${span} --reason "customers are locked out" --ticket INC-7`;
}

/** More than anybody on call may grant alone. */
export const bigGrant = 'credits grant sofia@firm.com 100 --reason "outage" --ticket INC-7';

export const ada = `user:${people.ada.id}`;
export const olu = `user:${people.olu.id}`;

export const minutes = (count: number) => count * MINUTE_MS;

export const titles = (replies: readonly Reply[]) => replies.map((reply) => reply.title);
