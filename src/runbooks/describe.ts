import { counted } from '#src/core/text.ts';
import type { Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import type { Filling } from './fill-line.ts';
import { later } from './later.ts';
import type { Procedure, Step } from './procedure.ts';
import { commandWords } from './procedures.ts';
import { lineButtons } from './step-buttons.ts';

const BUTTONS_MAX = 10;

/**
 * A runbook to read, with its commands as buttons: filled with the customer and the ticket where they are named.
 *
 * @param whoElse who may run a line that the reader may not; null where the reader may
 */
export function describeRunbook(
  procedure: Procedure,
  filling: Filling,
  suggestions: number,
  whoElse: (line: string) => string | null,
): Reply {
  const { name, title, source, when, steps } = procedure;
  const given = { customer: filling.customer, ticket: filling.ticket };
  const known = [filling.customer ?? '', filling.ticket ? `--ticket=${filling.ticket}` : ''].filter(Boolean);
  const start: ReplyButton = {
    kind: 'command',
    label: 'Start it',
    line: ['runbook start', name, ...known].join(' '),
  };
  const suggest: ReplyButton = {
    kind: 'command',
    label: 'Suggest a step …',
    line: `runbook suggest ${name}`,
  };
  return {
    tone: 'info',
    title: `${title}: ${when}`,
    facts: [
      { label: 'From', value: source },
      ...(suggestions > 0
        ? [{ label: 'Suggested', value: `${counted(suggestions, 'change')}: runbook suggestions` }]
        : []),
    ],
    sections: steps.map((step, index) => stepSection(step, index + 1, filling, whoElse)),
    buttons: [
      start,
      ...steps
        .flatMap((step, index) => lineButtons(step, index + 1, given))
        .filter((button) => button.kind !== 'command' || whoElse(button.line) === null)
        .slice(0, BUTTONS_MAX),
      suggest,
    ],
    json: {
      ...procedure,
      steps: steps.map(({ ticksBy, ...step }) => ({ ...step, ticksBy: ticksBy ?? 'hand' })),
    },
  };
}

function stepSection(
  step: Step,
  number: number,
  filling: Filling,
  whoElse: (line: string) => string | null,
): Section {
  const lines: Value[][] = [
    ...(step.lines ?? []).map((line): Value[] => {
      if (later.has(commandWords(line))) return [`${commandWords(line)} (comes later)`];
      const others = whoElse(line);
      return [{ code: shownLine(line, filling) }, ...(others === null ? [] : [`(for ${others})`])];
    }),
    ...(step.instead ? [[step.instead]] : []),
  ];
  return { heading: `${number}. ${step.says}`, lines, empty: 'Tick it by hand.' };
}

/** What is not known stays in capitals, for whoever types it. */
function shownLine(line: string, { customer, ticket }: Filling): string {
  return (ticket === undefined ? line.replace(/ --ticket TICKET/, '') : line)
    .replace('CUSTOMER', customer ?? 'CUSTOMER')
    .replace('TICKET', ticket ?? 'TICKET');
}
