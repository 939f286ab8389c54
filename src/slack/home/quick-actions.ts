import type { RunRow } from '#db/runs.ts';
import type { Actor } from '#src/core/actor.ts';
import { mayRun } from '#src/policy/authorise.ts';
import { commandLabel } from '#src/runner/command-label.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Runner } from '#src/runner/runner.ts';
import { usualCommands } from '#src/runner/usual-commands.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, plainText } from '../block-kit.ts';

const QUICK_MAX = 8;

/** What this person does most, then what people of their roles do, and a way to everything else. */
export function quickActions(
  known: Pick<Runner, 'commands' | 'settings'>,
  actor: Actor,
  runs: readonly RunRow[],
): Block[] {
  const mine = known.commands.filter((command) => mayRun(known.settings, command, actor));
  const uses = (command: Command) => runs.filter((run) => run.command === command.name).length;
  const used = mine
    // To have destroyed something once is no reason to do it with one click.
    .filter((command) => uses(command) > 0 && command.effect !== 'destructive')
    .sort((a, b) => uses(b) - uses(a));
  const shown = [...new Set([...used, ...usualCommands(known, actor)])].slice(0, QUICK_MAX);
  const buttons: Button[] = shown.map(({ name }, index) => ({
    type: 'button',
    action_id: actionId('run', index),
    text: plainText(commandLabel(name)),
    value: name,
  }));
  const all: Button = {
    type: 'button',
    action_id: actionId('menu'),
    text: plainText('All commands'),
    value: 'menu',
  };
  return [{ type: 'actions', elements: [...buttons, all] }];
}
