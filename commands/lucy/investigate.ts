import { z } from 'zod';
import { findInvestigationOf, listInvestigationSteps } from '#db/investigations.ts';
import { formatUtc } from '#src/core/clock.ts';
import { elsewhereWords, foundWords, isLogUnavailable } from '#src/diagnosis/describe-elsewhere.ts';
import { type Findings, lookInto, type Question } from '#src/investigations/findings.ts';
import { openCase } from '#src/investigations/open.ts';
import { readQuestion } from '#src/investigations/question.ts';
import { stepNames } from '#src/investigations/steps.ts';
import { correlated } from '#src/investigations/verdicts.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { optionalCustomerField, optionalTextField } from '#src/runner/fields.ts';
import { caseField, requestIdField } from '#src/runner/investigation-fields.ts';
import { noteField } from '#src/runner/runbook-fields.ts';

type Gathered = { question: Question; findings: Findings };

/** Playbook, bug investigation: opens the case of a ticket with everything that is known of it, here and elsewhere. */
export const investigate = defineCommand({
  name: 'investigate',
  summary: 'Look into a ticket as a defect of ours: what happened, the log, Sentry, and the steps to its fix',
  examples: [
    'investigate ZD-812',
    'investigate ZD-812 --request req-8f14e45f',
    'investigate ZD-812 --email sofia@firm.com --around 14:30',
  ],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'note',
  isDoneByClick: true,
  input: z.object({
    ticket: caseField,
    request: requestIdField,
    email: optionalCustomerField,
    around: optionalTextField(40, {
      label: 'Around',
      placeholder: '14:30 or 2026-11-21T14:30',
      hint: 'About when it happened to the customer; UTC unless it names its zone',
    }),
    window: optionalTextField(10, {
      label: 'Window',
      placeholder: '30m',
      hint: 'How far to look either way',
    }),
    note: noteField,
  }),
  positionals: ['ticket'],

  async gather(input, { sql, settings, telemetry, cause }): Promise<Gathered> {
    const question = await readQuestion(sql, settings, input, cause.now);
    return { question, findings: await lookInto({ sql, settings, telemetry, now: cause.now }, question) };
  },

  async plan({ ticket }, { sql }, gathered) {
    if (!gathered) throw new Error('An investigation was planned without having looked');
    const { question, findings } = gathered;
    const open = await findInvestigationOf(sql, ticket);
    const done = open ? (await listInvestigationSteps(sql, open.id)).length : 0;
    const stands = `${done} of ${stepNames.length} steps done`;
    const words = elsewhereWords(findings.elsewhere);
    return {
      title: open
        ? `Look into ${ticket} again: its case is ${open.state}, ${stands}`
        : `Investigate ${ticket}`,
      // Its own row is held; nothing of the customer is changed.
      customerId: null,
      changes: [
        {
          label: 'Case',
          before: open ? `${open.state}, looked at ${formatUtc(open.looked_at)}` : 'none',
          after: 'open, looked at now',
        },
      ],
      facts: [
        { label: 'Belongs to it', value: correlated(findings, question.aroundAt).note },
        { label: 'Log', value: words.log },
        { label: 'Sentry', value: words.sentry },
      ],
      warnings: isLogUnavailable(findings.elsewhere)
        ? ['The log could not be searched; the card says what to do about it.']
        : [],
      confirmLabel: open ? 'Look again' : 'Open the case',
      basis: [
        ticket,
        question.requestId,
        question.customer?.id ?? null,
        question.aroundAt,
        open?.state ?? null,
      ],
      look: { label: 'The case', line: `investigation show ${ticket}` },
      data: gathered,
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const { row, isNew } = await openCase(sql, settings, cause, data);
    const { ticket } = row;
    const where = settings.channels[row.target as keyof typeof settings.channels] ?? row.target;
    const found = `${foundWords(data.findings.total, data.findings.elsewhere)} found`;
    return {
      title: isNew
        ? `The case of ${ticket} is open in ${where}; ${found}`
        : `The case of ${ticket} in ${where} is up to date; ${found}`,
      customerId: data.question.customer?.id ?? null,
      changes,
      facts: [{ label: 'Look', value: { code: `investigation show ${ticket}` } }],
      look: { label: 'Show the case', line: `investigation show ${ticket}` },
      before: { investigation: isNew ? null : row.id },
      after: { investigation: row.id, state: 'open', found: data.findings.counts },
      undo: { line: null, sentence: `A case is closed with: investigation close ${ticket}` },
      logs: [
        {
          event: 'investigation',
          action: isNew ? 'investigation_opened' : 'investigation_renewed',
          investigation: row.id,
        },
      ],
      json: { investigation: row.id, ticket, isNew },
      isQuiet: true,
    };
  },
});
