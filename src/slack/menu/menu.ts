import type { Actor } from '#src/core/actor.ts';
import { clamp, listed } from '#src/core/text.ts';
import type { Command } from '#src/runner/define-command.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, type Message, plainText } from '../block-kit.ts';
import { buttonLabel } from '../render/render-buttons.ts';
import { emoji, lines, own, words } from '../render/rich-text.ts';
import { commandGroups, type Known } from './command-groups.ts';

const GROUPS_MAX = 20;
const BUTTONS_PER_GROUP_MAX = 25;

/** `/lucy` alone: what this person may do, as buttons. */
export function menuMessage(known: Known, actor: Actor): Message {
  const title = 'What shall I do?';
  const blocks: Block[] = [
    lines([[emoji('wave'), own(' '), own(title, { bold: true })], introduction(actor)]),
    ...commandButtons(known, actor),
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: 'Or type it: `/lucy customer show sofia@firm.com`. `/lucy help` lists everything.',
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

/** Per noun a heading and its verbs. */
export function commandButtons(known: Known, actor: Actor): Block[] {
  return commandGroups(known, actor)
    .slice(0, GROUPS_MAX)
    .flatMap((group): Block[] => [
      lines([[words(group.heading, 75, { bold: true })]]),
      {
        type: 'actions',
        elements: group.commands
          .slice(0, BUTTONS_PER_GROUP_MAX)
          .map(({ label, command }, index) => commandButton(label, command, index)),
      },
    ]);
}

function commandButton(label: string, command: Command, index: number): Button {
  return {
    type: 'button',
    action_id: actionId('run', index),
    text: plainText(buttonLabel(label)),
    value: command.name,
    accessibility_label: clamp(`${command.name}: ${command.summary}`, 75),
  };
}
