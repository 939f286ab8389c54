import type { Sql } from '#db/connection.ts';
import type { Actor } from '#src/core/actor.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { Fact, Section } from '#src/replies/reply.ts';
import { holdersOf } from './directory.ts';
import { explainRoles } from './explain-roles.ts';
import type { Judged, Verdict } from './judge.ts';
import { leftWords, stepsFor, usedWords } from './limits.ts';
import { ruleOf } from './rule-of.ts';
import type { Usage } from './usage.ts';

/** A verdict with what it rests on. */
export type Explained = { command: Judged; who: Actor; verdict: Verdict; usage: Usage };

/** Which line of which policy decides. */
export function ruleWords(settings: Settings, command: Judged, verdict: Verdict): string {
  const rule = ruleOf(settings, command.name);
  if (!rule) return 'None names it, so who may run it is what the command itself says';
  const whose = Object.hasOwn(settings.policy, command.name)
    ? 'policy: in lucy.config.yml'
    : 'Lucy’s default policy';
  return verdict.step === null ? whose : `${whose}, step ${verdict.step} of ${rule.steps?.length ?? 1}`;
}

/** Who could answer, where they are asked, and for how long. */
export async function approvalFacts(
  sql: Sql,
  settings: Settings,
  { who, verdict }: Explained,
  now: number,
): Promise<Fact[]> {
  if (verdict.kind !== 'approval') return [];
  const holders = await holdersOf(sql, settings, verdict.role, now);
  const admins = verdict.role === 'admin' ? null : await holdersOf(sql, settings, 'admin', now);
  const names = (people: { person: string; name: string }[]) =>
    listed(people.filter((holder) => holder.person !== who.person).map((holder) => holder.name));
  const unread = holders.isComplete && admins?.isComplete !== false;
  const known = [names(holders.people), admins && names(admins.people)]
    .filter(Boolean)
    .join(', or as admin ');
  return [
    {
      label: 'Could approve',
      value: `${known || 'nobody that Lucy knows'}${unread ? '' : '; Slack’s user groups were not read lately, so there may be more'}`,
    },
    { label: 'Asked in', value: settings.channels[verdict.channel] },
    { label: 'Expires after', value: spanWords(verdict.expiresMs) },
    {
      label: 'Break-glass',
      value: verdict.mayBreakGlass ? 'may stand in for the approval' : 'never stands in for it',
    },
  ];
}

/** What was done today, and what is left of the mildest step for this person. */
export function usageFacts(settings: Settings, { command, who, usage }: Explained): Fact[] {
  if (command.effect === 'reads') return [];
  const bounds = stepsFor(settings, command.name, who)[0]?.up_to;
  const row = (label: string, used: Usage['person'], left: string) => ({
    label,
    value: `${usedWords(used) ?? 'nothing yet'}${left === '' ? '' : `; ${left} left`}`,
  });
  const { per_person_day: ofPerson, per_customer_day: ofCustomer } = bounds ?? {};
  return [
    row(`Today by ${who.name}`, usage.person, ofPerson ? leftWords(ofPerson, usage.person) : ''),
    ...(usage.customer
      ? [
          row(
            'Today for this customer',
            usage.customer,
            ofCustomer ? leftWords(ofCustomer, usage.customer) : '',
          ),
        ]
      : []),
  ];
}

export function explainedSections(settings: Settings, { who, verdict }: Explained): Section[] {
  const origins = explainRoles(settings, who);
  return [
    ...(verdict.passed.length > 0
      ? [{ heading: 'Milder steps that did not fit', lines: verdict.passed.map((why) => [`${why}.`]) }]
      : []),
    {
      heading: `Roles of ${who.name}`,
      lines: origins.map(({ role, from }) => [`${role}, ${from}`]),
      empty: 'None.',
    },
  ];
}
