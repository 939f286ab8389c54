import { z } from 'zod';
import { findOpenEscalation } from '#db/escalations.ts';
import type { Settings } from '#src/core/settings.ts';
import { type TeamKey, teamKeys } from '#src/core/settings-routing.ts';
import { type Evidence, readEvidence } from '#src/escalations/evidence.ts';
import { handOver } from '#src/escalations/open.ts';
import { makePacket, type Packet, packetWords } from '#src/escalations/packet.ts';
import { readStripeSide, type StripeSide, stripeTicket } from '#src/escalations/stripe-ticket.ts';
import { findSubject, type Subject } from '#src/escalations/subject.ts';
import { type Team, teamOf } from '#src/routing/team-of.ts';
import { type CommandContext, defineCommand } from '#src/runner/define-command.ts';
import { optionalTextField, textField, ticketField } from '#src/runner/fields.ts';

/** As people write them: billing-engineering, Billing_Engineering. */
const teamField = z
  .string({ error: `Name a team: one of ${teamKeys.join(', ')}.` })
  .transform((text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  .pipe(z.enum(teamKeys, { error: `Choose one of ${teamKeys.join(', ')}.` }))
  .meta({ label: 'Team', control: 'select', options: teamKeys } as Record<string, unknown>);

/** Support runbook section 5: hands a matter to a team, with everything that Lucy knows of it. */
export const escalate = defineCommand({
  name: 'escalate',
  summary: 'Hand a matter to a team, with everything that Lucy knows of it',
  examples: [
    'escalate data_platform sofia@firm.com --about "the balance is stuck" --ticket ZD-812',
    'escalate stripe_support --about "webhook signatures are refused"',
  ],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'about',
  input: z.object({
    team: teamField,
    subject: optionalTextField(128, {
      label: 'Customer or id',
      placeholder: 'sofia@firm.com',
      hint: 'A login email, or an id such as cus_…, evt_… or run_…',
    }),
    about: textField(300, 'Say what the team should look at.', {
      label: 'About',
      placeholder: 'the balance is stuck',
      hint: 'What the team should look at',
    }),
    ticket: ticketField,
  }),
  positionals: ['team', 'subject'],

  async gather({ team }, { sql, stripe, cause }): Promise<StripeSide | null> {
    return team === 'stripe_support' ? readStripeSide(sql, stripe, cause.now) : null;
  },

  async plan(input, context, stripeSide) {
    const { sql, settings } = context;
    const ticket = input.ticket ?? '';
    const team = teamOf(settings, input.team);
    const subject = await findSubject(sql, input.subject);
    const { about } = input;
    const open = await findOpenEscalation(sql, { team: team.key, subject: subject.shown, ticket });
    const evidence = await readEvidence(sql, subject, ticket, context.cause.now);
    return {
      title: `Hand “${about}” to ${team.name}`,
      // The escalation’s own row is held; nothing of the customer is changed.
      customerId: null,
      changes: [
        open
          ? {
              label: 'Escalation',
              before: `${open.state} since ${open.requester_name} asked`,
              after: 'asked again in its thread',
            }
          : { label: 'Escalation', before: 'none', after: `open with ${team.name}` },
      ],
      facts: [
        { label: 'Told in', value: channelName(settings, team) },
        ...(subject.shown ? [{ label: 'Subject', value: subject.shown }] : []),
        { label: 'Goes with it', value: packetWords(evidence) },
      ],
      warnings: warningsOf(team, stripeSide ?? null),
      confirmLabel: `Escalate to ${team.name}`,
      basis: [team.key, subject.shown, ticket, open?.id ?? null],
      data: { team, subject, ticket, about, evidence, stripeSide: stripeSide ?? null },
    };
  },

  async execute({ data, changes }, context) {
    const { sql, settings, cause } = context;
    const packet = await packetOf(context, data);
    const { row, isNew } = await handOver(sql, settings, cause, { ...data, packet });
    const { team, subject } = data;
    return {
      title: isNew
        ? `Handed to ${team.name} in ${channelName(settings, team)}`
        : `${team.name} had this already, so it was asked again in the same thread`,
      customerId: subject.customer?.id ?? null,
      changes,
      facts: [
        { label: 'Escalation', value: { code: row.id } },
        ...(isNew || row.taker_name === null ? [] : [{ label: 'Taken by', value: row.taker_name }]),
      ],
      before: { escalation: isNew ? null : row.id },
      after: { escalation: row.id, team: team.key, asked: isNew ? 1 : row.asked + 1 },
      undo: {
        line: isNew ? `escalation close ${row.id}` : null,
        sentence: isNew ? 'Undo closes the escalation; what was posted stays.' : 'What was posted stays.',
      },
      logs: [
        {
          event: 'escalation',
          action: isNew ? 'escalation_opened' : 'escalation_repeated',
          escalation: row.id,
          team: team.key,
        },
      ],
      json: { escalation: row.id, isNew },
      // Its card tells of it.
      isQuiet: true,
    };
  },
});

type Data = {
  team: Team;
  subject: Subject;
  ticket: string;
  about: string;
  evidence: Evidence;
  stripeSide: StripeSide | null;
};

async function packetOf({ sql, settings, mode, cause }: CommandContext, data: Data): Promise<Packet> {
  const { subject, ticket, about, evidence, stripeSide } = data;
  const packet = await makePacket(sql, { settings, mode, subject, ticket, now: cause.now }, evidence);
  if (!stripeSide) return packet;
  const given = { about, subject: subject.shown, mode, now: cause.now };
  return { ...packet, paste: await stripeTicket(sql, given, evidence, stripeSide) };
}

function channelName(settings: Settings, team: Team): string {
  const known = Object.entries(settings.channels).find(([key]) => key === team.target);
  return known?.[1] ?? team.target;
}

function warningsOf(team: Team, stripeSide: StripeSide | null): string[] {
  const settingOf = (key: TeamKey) => `teams.${key}.group in lucy.config.yml`;
  return [
    ...(team.mentions.groups
      ? []
      : [`Nobody is mentioned, because ${team.name} has no user group: set ${settingOf(team.key)}.`]),
    ...(team.key === 'stripe_support'
      ? ['This tells nobody at Stripe: the card holds the text to paste into support.stripe.com.']
      : []),
    ...(stripeSide?.diagnosis
      ? [
          `Lucy’s own diagnosis of the refused webhooks: ${stripeSide.diagnosis.sentence} ${stripeSide.diagnosis.hint} Mend that first.`,
        ]
      : []),
  ];
}
