import type { RunbookRunRow } from '#db/runbook-runs.ts';
import type { RunbookStepRow } from '#db/runbook-steps.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { fillLine } from './fill-line.ts';
import { later } from './later.ts';
import type { Procedure, Step } from './procedure.ts';
import { commandWords } from './procedures.ts';

/** A message shows a dozen buttons: two for the list itself, and the rest for the steps that come next. */
const FOR_STEPS_MAX = 10;

/** What is to be done next: each open step’s commands, and its tick. */
export function stepButtons(
  procedure: Procedure,
  given: { run: RunbookRunRow; steps: readonly RunbookStepRow[]; customer: string | undefined },
): ReplyButton[] {
  const { run, steps, customer } = given;
  const filling = { customer, ticket: run.ticket || undefined };
  const buttons: ReplyButton[] = [];
  for (const [index, row] of steps.entries()) {
    const step = procedure.steps.find((candidate) => candidate.key === row.key);
    if (row.ticked_at !== null || !step) continue;
    const next = [...lineButtons(step, index + 1, filling), tickButton(run.id, index + 1)];
    if (buttons.length + next.length > FOR_STEPS_MAX) break;
    buttons.push(...next);
  }
  return [...buttons, ...listButtons(procedure, run)];
}

/** A step’s commands, filled; what Lucy cannot do yet is no button. */
export function lineButtons(
  { lines = [] }: Step,
  number: number,
  filling: { customer: string | undefined; ticket: string | undefined },
): ReplyButton[] {
  return lines
    .filter((line) => !later.has(commandWords(line)))
    .map((line) => ({
      kind: 'command',
      label: `${number}. ${capital(commandWords(line))}`,
      line: fillLine(line, filling),
    }));
}

function tickButton(runId: string, number: number): ReplyButton {
  return { kind: 'command', label: `✓ ${number}`, line: `runbook tick ${runId} ${number}` };
}

function listButtons({ name }: Procedure, run: RunbookRunRow): ReplyButton[] {
  const suggest = lineWithFlags(`runbook suggest ${name}`, [['ticket', run.ticket || undefined]]);
  return [
    { kind: 'command', label: 'Suggest a step …', line: suggest },
    { kind: 'command', label: 'Close …', line: `runbook close ${run.id}` },
  ];
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
