import type { Actor, Role } from '#src/core/actor.ts';
import { formatMoney } from '#src/core/money.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import type { PolicyRule, PolicyStep } from '#src/core/settings-policy.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { counted, listed } from '#src/core/text.ts';
import { expiresMs } from './approval-rules.ts';
import { type Allowed, refusalOf } from './authorise.ts';
import { boundsWords, type Excess, excessOf } from './bounds.ts';
import { defaultPolicy } from './default-policy.ts';
import type { Measures } from './measures.ts';
import { ruleOf } from './rule-of.ts';
import type { Usage } from './usage.ts';

/** What policy says to one act of one person, with a sentence that stands alone on a card. */
export type Verdict =
  | ({ kind: 'allowed'; why: string } & Reasons)
  | ({
      kind: 'approval';
      role: Role;
      /** So many people, each another than the requester. */
      count: number;
      channel: ChannelKey;
      expiresMs: number;
      mayBreakGlass: boolean;
      why: string;
    } & Reasons)
  | ({ kind: 'refused'; why: string; hint: string } & Reasons);

type Reasons = {
  /** The step of the rule that decides, counted from 1; null where none does. */
  step: number | null;
  /** Why each step before it that is meant for this person did not fit. */
  passed: string[];
};

export type Judged = {
  name: string;
  allowed: Allowed;
  effect: 'reads' | 'reversible' | 'moves value' | 'destructive';
};

/**
 * Judges an act by the steps of its command's rule: the first that is meant for this person and that the amount fits
 * decides (DESIGN section 4). A step never asks for less than one before it, which the settings are checked for, so
 * more is never judged milder. Reads and writes nothing.
 */
export function judge(
  settings: Settings,
  command: Judged,
  actor: Actor,
  measures: Measures,
  usage: Usage,
): Verdict {
  const refused = refusalOf(settings, command, actor);
  if (refused) return { kind: 'refused', why: refused.message, hint: refused.hint, step: null, passed: [] };
  const rule = ruleOf(settings, command.name);
  const steps = rule?.steps ?? (command.effect === 'reads' || command.effect === 'reversible' ? [{}] : null);
  if (!steps) return unruled(command);
  const beyond: { step: PolicyStep; excess: Excess }[] = [];
  for (const [index, step] of steps.entries()) {
    if (!isMeantFor(step, actor)) continue;
    const excess = step.up_to ? excessOf(settings, step.up_to, measures, usage) : null;
    if (excess) {
      beyond.push({ step, excess });
      continue;
    }
    const passed = beyond.map((entry) => passedWords(command, actor, entry));
    return {
      ...decision(settings, command, actor, measures, rule, step, passed.at(-1)),
      step: index + 1,
      passed,
    };
  }
  return refusedBySteps(
    command,
    actor,
    beyond.map((entry) => passedWords(command, actor, entry)),
  );
}

/** No roles: for everybody who may run the command. An admin counts as every role. */
export function isMeantFor(step: PolicyStep, actor: Actor): boolean {
  return !step.roles || actor.roles.some((role) => role === 'admin' || step.roles?.includes(role));
}

type Decision =
  | { kind: 'allowed'; why: string }
  | Omit<Extract<Verdict, { kind: 'approval' }>, 'step' | 'passed'>;

function decision(
  settings: Settings,
  command: Judged,
  actor: Actor,
  measures: Measures,
  rule: PolicyRule | undefined,
  step: PolicyStep,
  lastPassed: string | undefined,
): Decision {
  if (!step.approvers) {
    const bounds = step.up_to ? ` ${listed(boundsWords(step.up_to, measures.money?.currency))}` : '';
    return { kind: 'allowed', why: `${actor.name} may run “${command.name}” alone${bounds}.` };
  }
  const needs = approversWords(step.approvers);
  return {
    kind: 'approval',
    ...step.approvers,
    channel: rule?.channel ?? 'approvals',
    expiresMs: rule?.expires ? spanMs(rule.expires) : expiresMs(settings),
    mayBreakGlass: mayBreakGlass(command.name, rule),
    why: lastPassed
      ? `${lastPassed}, so it needs ${needs}.`
      : `“${command.name}”${amountWords(measures)} needs ${needs}.`,
  };
}

/** A rule that says nothing of it keeps what the default says: changing an amount must not open the glass. */
function mayBreakGlass(name: string, rule: PolicyRule | undefined): boolean {
  const byDefault = Object.hasOwn(defaultPolicy, name) ? defaultPolicy[name]?.break_glass : undefined;
  return rule?.break_glass ?? byDefault ?? true;
}

/** `Sam may run “credits grant” alone up to 500 credits; this is 900 credits`. */
function passedWords(
  command: Judged,
  actor: Actor,
  { step, excess }: { step: PolicyStep; excess: Excess },
): string {
  const how = step.approvers ? `with ${approversWords(step.approvers)}` : 'alone';
  return `${actor.name} may run “${command.name}” ${how} ${excess.limit}; ${excess.actual}`;
}

function refusedBySteps(command: Judged, actor: Actor, passed: string[]): Verdict {
  const last = passed.at(-1);
  return {
    kind: 'refused',
    why: last
      ? `${last}, so nobody may allow it.`
      : `The policy has no step of “${command.name}” for ${actor.name}, who has ${listed(actor.roles) || 'no role'}.`,
    hint: last
      ? 'Ask for less, or ask an admin to change policy: in lucy.config.yml.'
      : 'Ask a colleague whom it names, or an admin to change policy: in lucy.config.yml.',
    step: null,
    passed,
  };
}

function unruled(command: Judged): Verdict {
  const does = command.effect === 'destructive' ? 'destroys something' : 'moves value';
  return {
    kind: 'refused',
    why: `The policy has no steps for “${command.name}”, which ${does}, so nobody may run it.`,
    hint: `Ask an admin to say under policy: in lucy.config.yml who may run “${command.name}”.`,
    step: null,
    passed: [],
  };
}

/** `one approval by billing`, `2 approvals by billing`. */
export function approversWords({ role, count }: { role: Role; count: number }): string {
  return `${count === 1 ? 'one approval' : counted(count, 'approval')} by ${role}`;
}

function amountWords({ credits: largest, total, money, tier }: Measures): string {
  if (money) return ` of ${formatMoney(money.amount, money.currency)}`;
  const credits = total ?? largest;
  if (credits !== undefined) return ` of ${counted(credits, 'credit')}`;
  return tier === undefined ? '' : ` to ${tier}`;
}
