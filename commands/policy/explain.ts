import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { findRun } from '#db/runs.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import {
  approvalFacts,
  type Explained,
  explainedSections,
  ruleWords,
  usageFacts,
} from '#src/policy/describe-verdict.ts';
import { findPerson, whyNobodyCan } from '#src/policy/directory.ts';
import { approversWords, judge } from '#src/policy/judge.ts';
import { ruleOf } from '#src/policy/rule-of.ts';
import { namesOf } from '#src/policy/same-person.ts';
import { readUsage } from '#src/policy/usage.ts';
import { type Command, type CommandContext, defineLookup } from '#src/runner/define-command.ts';
import { optionalTextField, textField } from '#src/runner/fields.ts';
import type { ParsedLine } from '#src/runner/parse-line.ts';
import { measureLine, parsePartialLine } from '#src/runner/partial-line.ts';

/** Says what the policy would say, and why, and changes nothing (DESIGN section 4). Everybody with a role may ask. */
export const policyExplain = defineLookup({
  name: 'policy explain',
  summary: 'What the policy would say to a command, and why',
  examples: [
    'policy explain "credits grant 900" --as sam',
    'policy explain "tier set sofia@firm.com enterprise"',
  ],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    line: textField(300, 'Give a command, such as "credits grant 900".', {
      label: 'Command',
      placeholder: 'credits grant 900',
      hint: 'As it would be typed; the customer may be left out',
    }),
    as: optionalTextField(80, {
      label: 'As',
      placeholder: 'sam',
      hint: 'A person under people: or a Slack member id; leave empty for yourself',
    }),
  }),
  positionals: ['line'],
  takesRest: true,

  async answer({ line: typed, as }, context) {
    const { sql, settings, cause } = context;
    const who = as === undefined ? cause.actor : await findPerson(sql, settings, as, cause.now);
    if (!who) throw unknownPerson(as ?? '');
    const line = await readLine(context, typed);
    const { command } = line;
    const customer = await findNamedCustomer(sql, line);
    const names = namesOf(settings, who);
    const usage = await readUsage(sql, cause.now, names, customer?.id ?? null, command.name);
    const byRows = (await command.measureByRows?.(line.raw, sql)) ?? {};
    const measures = { ...byRows, ...measureLine(line, cause.now) };
    const verdict = judge(settings, command, who, measures, usage);
    const explained = { command, who, verdict, usage };
    const nobody = await nobodyCan(context, explained);
    const { hint = undefined } = verdict.kind === 'refused' ? verdict : (nobody ?? {});
    return {
      tone: 'info',
      title: titleOf(explained),
      facts: [
        { label: 'Command', value: { code: command.name } },
        { label: 'Why', value: verdict.why },
        { label: 'Rule', value: ruleWords(settings, command, verdict) },
        ...(await approvalFacts(sql, settings, explained, cause.now)),
        ...usageFacts(settings, explained),
      ],
      warnings: [
        ...(nobody ? [nobody.why] : []),
        ...placeWarnings(settings, command),
        ...customerWarnings(line, customer),
      ],
      sections: explainedSections(settings, explained),
      ...(hint === undefined ? {} : { hint }),
      json: { command: command.name, person: who.person, roles: who.roles, verdict, usage },
    };
  },
});

/** An undo is judged as what it does. */
async function readLine({ sql, commands }: CommandContext, typed: string): Promise<ParsedLine> {
  const line = parsePartialLine(commands, typed);
  if (line.command.name !== 'undo' || line.raw.run === undefined) return line;
  const run = await findRun(sql, line.raw.run);
  return run?.undo_line ? parsePartialLine(commands, run.undo_line) : line;
}

/** Its usage of today is all that is looked at; null when the line names none, or one that is not there. */
async function findNamedCustomer(sql: Sql, { raw }: ParsedLine): Promise<{ id: string } | null> {
  const named = customerWord(raw);
  if (named === undefined) return null;
  try {
    return await findCustomer(sql, named);
  } catch (error) {
    if (error instanceof UserError && error.code === 'not_found') return null;
    throw error;
  }
}

function customerWarnings({ raw }: ParsedLine, customer: { id: string } | null): string[] {
  const named = customerWord(raw);
  if (named === undefined || customer) return [];
  return [`There is no customer ${named} yet, so nothing was done for it today.`];
}

/** Whose a payment is, only Stripe knows; where it is named by its customer, so do we. */
function customerWord({ email, payment }: ParsedLine['raw']): string | undefined {
  return email ?? (payment?.includes('@') ? payment : undefined);
}

function unknownPerson(word: string): UserError {
  return new UserError(
    'not_found',
    `Lucy knows nobody called “${word}”.`,
    'Give a key, name or login under people: in lucy.config.yml, or a Slack member id such as U012AB3CD.',
    { as: 'Lucy knows nobody of that name.' },
  );
}

function titleOf({ command, who, verdict }: Explained): string {
  if (verdict.kind === 'refused') return `${who.name} would be refused “${command.name}”.`;
  if (verdict.kind === 'approval')
    return `${who.name} would ask for “${command.name}”, and it would wait for ${approversWords(verdict)}.`;
  return command.effect === 'reads'
    ? `${who.name} would get the answer of “${command.name}” at once.`
    : `${who.name} would do “${command.name}” with one click.`;
}

async function nobodyCan({ sql, settings, cause }: CommandContext, { who, verdict }: Explained) {
  if (verdict.kind !== 'approval') return null;
  const { role, count } = verdict;
  return whyNobodyCan(sql, settings, { role, count, requesterPerson: who.person }, cause.now);
}

function placeWarnings(settings: Settings, command: Command): string[] {
  const channels = ruleOf(settings, command.name)?.channels ?? [];
  return channels.length > 0 ? [`In Slack it works in ${listed(channels)} only.`] : [];
}
