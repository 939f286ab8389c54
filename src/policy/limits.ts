import type { Actor } from '#src/core/actor.ts';
import { formatMoney, minorUnits } from '#src/core/money.ts';
import type { Settings } from '#src/core/settings.ts';
import type { DayBounds, PolicyStep } from '#src/core/settings-policy.ts';
import { counted, listed } from '#src/core/text.ts';
import { mayRun } from './authorise.ts';
import { boundsWords } from './bounds.ts';
import { approversWords, isMeantFor, type Judged } from './judge.ts';
import { ruleOf } from './rule-of.ts';
import type { DayUsage } from './usage.ts';

/** How far somebody may go with each command that bounds them: `alone up to 500 credits; more needs …`. */
export function limitsOf(
  settings: Settings,
  commands: readonly Judged[],
  actor: Actor,
): { command: string; limit: string }[] {
  return commands
    .filter((command) => command.effect !== 'reads' && mayRun(settings, command, actor))
    .flatMap((command) => {
      const steps = stepsFor(settings, command.name, actor);
      const isUnbounded = steps[0] && !steps[0].approvers && !steps[0].up_to;
      return steps.length === 0 || isUnbounded ? [] : [{ command: command.name, limit: limitWords(steps) }];
    });
}

/** The steps of a command's rule that are meant for this person, the mildest first. */
export function stepsFor(settings: Settings, commandName: string, actor: Actor): PolicyStep[] {
  return (ruleOf(settings, commandName)?.steps ?? []).filter((step) => isMeantFor(step, actor));
}

/** The widest one-click step, and what comes after it. */
function limitWords(steps: readonly PolicyStep[]): string {
  const alone = steps.findLast((step) => !step.approvers);
  const next = steps.find((step) => step.approvers)?.approvers;
  const asked = next ? `needs ${approversWords(next)}` : 'is refused';
  if (!alone) return asked;
  return alone.up_to ? `alone ${listed(boundsWords(alone.up_to))}; more ${asked}` : 'alone';
}

/** What is left of a day's bounds: `1,600 credits and 3 times`. */
export function leftWords(bounds: DayBounds, used: DayUsage): string {
  const { credits, money, runs } = bounds;
  const left = (most: number, gone: number) => Math.max(0, most - gone);
  return listed([
    ...(credits === undefined ? [] : [counted(left(credits, used.credits), 'credit')]),
    ...Object.entries(money ?? {}).map(([code, most]) =>
      formatMoney(left(minorUnits(most, code), used.money[code] ?? 0), code),
    ),
    ...(runs === undefined ? [] : [counted(left(runs, used.runs), 'time')]),
  ]);
}

/** What was done today: `400 credits in 2 runs`; null when nothing was. */
export function usedWords(used: DayUsage): string | null {
  if (used.runs === 0) return null;
  const amounts = [
    ...(used.credits > 0 ? [counted(used.credits, 'credit')] : []),
    ...Object.entries(used.money).map(([code, amount]) => formatMoney(amount, code)),
  ];
  return `${amounts.length > 0 ? `${listed(amounts)} in ` : ''}${counted(used.runs, 'run')}`;
}
