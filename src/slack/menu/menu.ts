import type { Actor } from '#src/core/actor.ts';
import { clamp, listed } from '#src/core/text.ts';
import { mayRun } from '#src/policy/authorise.ts';
import { byNoun, capital, commandLabel } from '#src/runner/command-label.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Runner } from '#src/runner/runner.ts';
import { usualCommands } from '#src/runner/usual-commands.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, type Message, plainText } from '../block-kit.ts';
import { actionRows, buttonLabel } from '../render/render-buttons.ts';
import { emoji, lines, own, words } from '../render/rich-text.ts';

/** Of the runner: what there is, and who may do it. */
type Known = Pick<Runner, 'commands' | 'settings'>;

/** `/lucy` alone: what this person most likely came for, and then all that they may do, by what it is about. */
export function menuMessage(known: Known, actor: Actor): Message {
  const title = 'What shall I do?';
  const usual = usualCommands(known, actor);
  const blocks: Block[] = [
    lines([[emoji('wave'), own(' '), own(title, { bold: true })], introduction(actor)]),
    ...actionRows(usual.map(usualButton)),
    lines([[own('Everything, by what it is about', { bold: true })]]),
    ...actionRows(nounsOf(known, actor).map(([noun, count], index) => nounButton(noun, count, index))),
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: 'Or type it: `/lucy customer show sofia@firm.com`. `/lucy help` says what there is.',
        },
      ],
    },
  ];
  return { text: title, blocks };
}

function introduction(actor: Actor) {
  if (actor.roles.length > 0) return [own('Your roles: '), words(`${listed(actor.roles)}.`, 200)];
  return [
    own(
      'You have no role yet, so there is little that I may do for you. Ask an admin to add you to a group.',
    ),
  ];
}

/** Each noun that this person may do something with, and with how many commands. */
function nounsOf({ commands, settings }: Known, actor: Actor): [string, number][] {
  const mine = commands.filter((command) => mayRun(settings, command, actor));
  return byNoun(mine).map(([noun, rows]) => [noun, rows.length]);
}

function usualButton(command: Command, index: number): Button {
  return {
    type: 'button',
    action_id: actionId('run', index),
    text: plainText(buttonLabel(commandLabel(command.name))),
    value: command.name,
    accessibility_label: clamp(`${command.name}: ${command.summary}`, 75),
  };
}

function nounButton(noun: string, count: number, index: number): Button {
  return {
    type: 'button',
    action_id: actionId('run', index),
    text: plainText(buttonLabel(`${capital(noun)} (${count})`)),
    value: `help ${noun}`,
  };
}
