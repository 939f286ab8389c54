import type { Change, Fact } from '#src/replies/reply.ts';

/** What of a plan is kept with its run: enough to show it again, whatever the world says by then. */
export type ShownPlan = {
  title: string;
  changes: Change[];
  facts: Fact[];
  warnings: string[];
  confirmLabel: string;
  isDanger: boolean;
  /** A lookup for whoever approves. */
  look?: { label: string; line: string };
};

/** As JSON text, for the run. */
export function keepPlan(plan: {
  title: string;
  changes: Change[];
  facts?: Fact[];
  warnings?: string[];
  confirmLabel: string;
  isDanger?: boolean;
  look?: { label: string; line: string };
}): string {
  const { title, changes, facts = [], warnings = [], confirmLabel, isDanger = false, look } = plan;
  const kept: ShownPlan = { title, changes, facts, warnings, confirmLabel, isDanger };
  return JSON.stringify(look ? { ...kept, look } : kept);
}

/** Runs of earlier versions kept less. */
export function readShownPlan(text: string | null): ShownPlan {
  const kept: Partial<ShownPlan> = text === null ? {} : JSON.parse(text);
  const { title = 'A change', changes = [], facts = [], warnings = [], confirmLabel = 'Do it' } = kept;
  const shown = { title, changes, facts, warnings, confirmLabel, isDanger: kept.isDanger ?? false };
  return kept.look ? { ...shown, look: kept.look } : shown;
}

/** What differs between what was asked and what would happen now; a sentence each. */
export function movedSentences(asked: ShownPlan, now: ShownPlan): string[] {
  const before = new Map([...pairs(asked)]);
  const after = new Map([...pairs(now)]);
  const sentences = [...after]
    .filter(([label, value]) => before.get(label) !== value)
    .map(([label, value]) =>
      before.has(label)
        ? `${label} was ${before.get(label)}, and is ${value} now.`
        : `New: ${label} ${value}.`,
    );
  // A warning that is gone worries nobody.
  const gone = [...before.keys()]
    .filter((label) => !after.has(label) && !label.startsWith(WARNING))
    .map((label) => `${label} is gone.`);
  if (asked.title !== now.title) sentences.unshift(`It was “${asked.title}”, and is “${now.title}” now.`);
  const all = [...sentences, ...gone];
  return all.length > 0 ? all : ['Something that this rests on has changed.'];
}

const WARNING = 'the warning';

function* pairs(plan: ShownPlan): Iterable<[string, string]> {
  for (const change of plan.changes) yield [change.label, `${change.before} → ${change.after}`];
  for (const { label, value } of plan.facts) {
    if (typeof value === 'string') yield [label, value];
    else if ('code' in value) yield [label, value.code];
    else if ('channel' in value) yield [label, `#${value.name}`];
  }
  for (const warning of plan.warnings) yield [`${WARNING} “${warning}”`, 'there'];
}
