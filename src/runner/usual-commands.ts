import type { Actor, Role } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { Command } from './define-command.ts';

const USUAL_MAX = 8;

/** What each role does most, in the order of the playbook and the runbook. */
const usual: Readonly<Record<Role, readonly string[]>> = {
  support: [
    'customer show',
    'customer diagnose',
    'credits grant',
    'payment show',
    'refund request',
    'tier reset',
    'payment portal-link',
    'escalate',
  ],
  billing: [
    'approval list',
    'dispute list',
    'customer show',
    'payment show',
    'refund request',
    'reconcile run',
    'credits grant',
    'webhook failed',
  ],
  oncall: [
    'status',
    'incident declare',
    'incident status',
    'webhook health',
    'webhook failed',
    'release rollback',
    'trace',
    'customer show',
  ],
  admin: [
    'status',
    'customer show',
    'approval list',
    'credits grant',
    'audit search',
    'dispute list',
    'incident declare',
    'policy explain',
  ],
};

/** The commands that this person most likely came for, at most eight: of several roles, the first of each come first. */
export function usualCommands(
  { commands, settings }: { commands: readonly Command[]; settings: Settings },
  actor: Actor,
): Command[] {
  const ranks = usual.support.map((_, rank) => actor.roles.map((role) => usual[role][rank]));
  const names = actor.roles.length === 0 ? ['help', 'whoami'] : [...new Set(ranks.flat())];
  return names
    .flatMap((name) => commands.find((command) => command.name === name) ?? [])
    .filter((command) => mayRun(settings, command, actor))
    .slice(0, USUAL_MAX);
}
