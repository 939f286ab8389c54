import { findOpenDrill } from '#db/drills.ts';
import { listRecentRuns, type RunRow } from '#db/runs.ts';
import type { Actor } from '#src/core/actor.ts';
import { clamp, listed } from '#src/core/text.ts';
import { mayRun } from '#src/policy/authorise.ts';
import { readReply } from '#src/replies/reply.ts';
import type { Runner } from '#src/runner/runner.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, type HomeView, plainText } from '../block-kit.ts';
import { emoji, lines, own, piece, words } from '../render/rich-text.ts';
import { alertBlocks } from './alert-blocks.ts';
import { approvalBlocks } from './approval-blocks.ts';
import { incidentBlocks } from './incident-blocks.ts';
import { quickActions } from './quick-actions.ts';

const RUNS_MAX = 10;
/** What takes back a step of a drill, which nobody can once it is over. */
const ofDrill = /^(?:drill stop|incident drill)\b|\bDRILL-\d+\b/;

/** A person's Home: who they are here, what they may do, and what they did, with its receipts. */
export async function homeView(runner: Runner, actor: Actor): Promise<HomeView> {
  if (actor.refusal !== null)
    return { type: 'home', blocks: [lines([[emoji('no_entry'), own(' '), words(actor.refusal, 300)]])] };
  // Receipts name customers: whoever lost every role does not read them any more.
  const mayRead = actor.roles.length > 0;
  const runs = mayRead ? await listRecentRuns(runner.database.knex, actor.person, RUNS_MAX) : [];
  const isDrillOn = (await findOpenDrill(runner.database.knex)) !== undefined;
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plainText(clamp(`Hello ${actor.name}`, 150)) },
      lines([
        actor.roles.length > 0
          ? [own('Your roles: '), words(listed(actor.roles), 200, { bold: true })]
          : [
              own(
                'You have no role yet. Ask an admin to add you to the right user group; “whoami” shows what Lucy knows of you.',
              ),
            ],
      ]),
      ...quickActions(runner, actor, runs),
      ...(mayRead ? [{ type: 'divider' as const }, ...(await incidentBlocks(runner, actor))] : []),
      ...(mayRead
        ? [
            { type: 'divider' as const },
            ...(await approvalBlocks(runner, actor, await alertBlocks(runner, actor))),
          ]
        : []),
      { type: 'divider' },
      { type: 'header', text: plainText('What you did') },
      ...(runs.length > 0
        ? runs.flatMap((run) => runBlocks(runner, actor, run, isDrillOn))
        : [lines([[own('Nothing yet. Receipts of what you do appear here.')]])]),
    ],
  };
}

function runBlocks(runner: Runner, actor: Actor, run: RunRow, isDrillOn: boolean): Block[] {
  const reply = readReply(run.reply);
  const title = reply?.title ?? run.command;
  return [
    lines([
      [words(title, 200, { bold: true })],
      [
        piece({ at: run.done_at ?? run.created_at }, 60),
        own(' · '),
        words(run.command, 60),
        own(' · '),
        piece({ code: run.correlation_id }, 130),
        ...(run.undone_by ? [own(' · undone')] : []),
      ],
    ]),
    { type: 'actions', elements: runButtons(runner, actor, run, isDrillOn) },
  ];
}

function runButtons(runner: Runner, actor: Actor, run: RunRow, isDrillOn: boolean): Button[] {
  const undo = runner.commands.find((command) => command.name === 'undo');
  const mayUndo =
    run.undo_line !== null &&
    run.undone_by === null &&
    (isDrillOn || !ofDrill.test(run.undo_line)) &&
    undo &&
    mayRun(runner.settings, undo, actor);
  const receipt: Button = {
    type: 'button',
    action_id: actionId('receipt'),
    text: plainText('Receipt'),
    value: run.id,
  };
  if (!mayUndo) return [receipt];
  return [
    receipt,
    { type: 'button', action_id: actionId('run'), text: plainText('Undo'), value: `undo ${run.id}` },
  ];
}
