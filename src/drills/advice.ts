import type { DrillRow } from '#db/drills.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { owedAt } from '#src/incidents/owed-at.ts';
import type { Fact } from '#src/replies/reply.ts';
import type { DrillFacts, StepId } from './steps.ts';

/** One sentence about why a step comes now, as a colleague beside you would say it. */
const why: Readonly<Record<StepId, string>> = {
  acknowledge: 'Until somebody has it, Lucy calls one after the other. One click ends that.',
  declare: 'One line is enough at night. From then on everything stands in a timeline.',
  severity: 'Whoever reads the card must see how bad it is, and who leads. You lead what you declare.',
  first_update: 'Customers notice before we do: tell them that we know of it, even without a cause.',
  next_update:
    'Wait for Lucy’s draft and publish it, or one of your own. She reminds when it is owed, and calls after that.',
  mend: 'In earnest: “release rollback”, or “webhook replay” once the endpoint is well. Look at what the policy would say, do nothing, and write down what you would have done.',
  resolve: 'Say what ended it; in earnest customers read the end with the same click.',
  write: 'Lucy has drafted it from the timeline. What happened and why is for people to say.',
  file: 'Read it once more with the others, and file it.',
};

const buttonWords: Readonly<Record<StepId, string>> = {
  acknowledge: 'I have it',
  declare: 'Declare it',
  severity: 'It is a SEV1',
  first_update: 'Preview the update',
  next_update: 'Preview the next one',
  mend: 'Add the note',
  resolve: 'Resolve it',
  write: 'Write it',
  file: 'File it',
};

export function adviceOf(
  step: StepId,
  drill: Pick<DrillRow, 'pace'>,
  settings: Settings,
  facts: DrillFacts,
): { why: string; label: string; clock: Fact[] } {
  return { why: why[step], label: buttonWords[step], clock: clockOf(step, drill, settings, facts) };
}

/** How much time there is, on the drill's own clock. */
function clockOf(
  step: StepId,
  drill: Pick<DrillRow, 'pace'>,
  settings: Settings,
  { incident, postmortem }: DrillFacts,
): Fact[] {
  const isOwed = incident !== null && incident.state !== 'resolved';
  if (isOwed && ['first_update', 'next_update'].includes(step)) {
    const minutes = settings.incidents.update_every_minutes;
    const real = spanWords(Math.round((minutes * 60_000) / drill.pace));
    return [
      { label: 'Owed', value: { at: owedAt(settings, incident) } },
      { label: 'Clock', value: `${minutes} minutes are ${real} here` },
    ];
  }
  if ((step === 'write' || step === 'file') && postmortem)
    return [{ label: 'Due', value: { at: postmortem.due_at } }];
  return [];
}
