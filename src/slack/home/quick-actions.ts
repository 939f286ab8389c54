import type { RunRow } from '#db/runs.ts';
import type { Actor } from '#src/core/actor.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Runner } from '#src/runner/runner.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, plainText } from '../block-kit.ts';
import { titleOf } from '../forms/form-view.ts';

const QUICK_MAX = 8;

/** What this person does most, then each noun’s lookup, and a way to everything else. */
export function quickActions(
  { commands, settings }: Pick<Runner, 'commands' | 'settings'>,
  actor: Actor,
  runs: readonly RunRow[],
): Block[] {
  const mine = commands.filter((command) => mayRun(settings, command, actor));
  const uses = (command: Command) => runs.filter((run) => run.command === command.name).length;
  const used = mine.filter((command) => uses(command) > 0).sort((a, b) => uses(b) - uses(a));
  const lookups = mine.filter(
    (command) =>
      command.name.endsWith(' show') &&
      // The others need an id, which nobody has at hand here.
      'email' in command.input.shape &&
      !used.includes(command),
  );
  const buttons: Button[] = [...used, ...lookups].slice(0, QUICK_MAX).map((command, index) => ({
    type: 'button',
    action_id: actionId('run', index),
    text: plainText(titleOf(command)),
    value: command.name,
  }));
  const all: Button = {
    type: 'button',
    action_id: actionId('menu'),
    text: plainText('All commands'),
    value: 'menu',
  };
  return [{ type: 'actions', elements: [...buttons, all] }];
}
