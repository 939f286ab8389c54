import type { Sql } from '#db/connection.ts';
import { listNewestOf } from '#db/customer-history.ts';
import { listLinks } from '#db/customer-links.ts';
import { listGraces } from '#db/grace-periods.ts';
import { findInvestigationOf, type InvestigationStep, listInvestigationSteps } from '#db/investigations.ts';
import { listMailsOfGrace } from '#db/mails.ts';
import type { RunbookRunRow } from '#db/runbook-runs.ts';
import { findSuggestionFor } from '#db/runbook-suggestions.ts';
import { lastHandled } from '#db/stripe-event-reports.ts';
import { type Case, listFixes } from '#src/checklists/fixes.ts';
import { productSawIt } from '#src/checklists/product-saw-it.ts';
import type { Verdict } from '#src/checklists/verdict.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import { commandsOfRunbooks } from './procedures.ts';

type Look = (sql: Sql, settings: Settings, run: RunbookRunRow, now: number) => Promise<Verdict>;

/** What ticks a step besides a command that was done, by the name under which procedures ask for it. */
export type EvidenceName =
  | 'a grace was given'
  | 'a mail about the payment was sent'
  | 'an event was handled'
  | 'it was reproduced'
  | 'patch and test are linked'
  | 'the entitlement changed'
  | 'the log and Sentry were read'
  | 'the product read it'
  | 'the runbooks know the way'
  | 'the summary is pasted'
  | 'the ticket was correlated'
  | 'webhooks arrive again';

/** These have to hold until the end; the others have happened once and for all. */
export const lasting: ReadonlySet<EvidenceName> = new Set([
  'the product read it',
  'the runbooks know the way',
]);

const nothingYet: Verdict = { kind: 'open', why: null };

export const evidence: Readonly<Record<EvidenceName, Look>> = {
  'a grace was given': async (sql, _settings, run) => {
    const [grace] = await listGraces(sql, run.customer_id);
    if (grace?.state !== 'open') return nothingYet;
    return { kind: 'ticked', by: 'Lucy', at: grace.started_at, note: 'the grace is open' };
  },
  'a mail about the payment was sent': async (sql, _settings, run) => {
    const [grace] = await listGraces(sql, run.customer_id);
    const sent = grace && (await listMailsOfGrace(sql, grace.id)).find((mail) => mail.state === 'sent');
    if (!sent) return nothingYet;
    return {
      kind: 'ticked',
      by: 'Lucy',
      at: sent.ended_at ?? sent.created_at,
      note: `the mail “${sent.stage}” left`,
    };
  },
  'an event was handled': async (sql, _settings, run, now) => {
    const owners = (await listLinks(sql, run.customer_id)).map((link) => link.stripe_customer_id);
    const events = await listNewestOf(sql, 'stripe_events', owners, { from: 0, to: now, limit: 50 });
    const handled = events.find((event) => event.status === 'done' && (event.processed_at ?? 0) >= run.since);
    if (!handled) return nothingYet;
    const note = `${handled.id}: action ${handled.outcome ?? 'none'}`;
    return { kind: 'ticked', by: 'Lucy', at: handled.processed_at ?? now, note };
  },
  'the entitlement changed': async (sql, _settings, run, now) => {
    const span = { from: run.since, to: now, limit: 1 };
    const [change] = await listNewestOf(sql, 'entitlement_changes', [run.customer_id], span);
    if (!change) return nothingYet;
    const note = `${change.from_tier} → ${change.to_tier}, ${change.from_access} → ${change.to_access}`;
    return { kind: 'ticked', by: 'Lucy', at: change.at, note };
  },
  'it was reproduced': investigated('reproduce'),
  'patch and test are linked': investigated('patch'),
  'the log and Sentry were read': investigated('logs'),
  'the ticket was correlated': investigated('correlate'),
  'the product read it': (sql, settings, run, now) => productSawIt(sql, settings, caseOf(run), now),
  'the runbooks know the way': knowTheWay,
  // Nobody but who pasted it knows; saying how much there is brings the card up to date with each act.
  'the summary is pasted': async (sql, _settings, run, now) => {
    const fixes = await listFixes(sql, caseOf(run), now);
    return { kind: 'open', why: `${counted(fixes.length, 'act')} to paste.` };
  },
  'webhooks arrive again': async (sql, _settings, run) => {
    const last = await lastHandled(sql);
    if (!last || last.received_at < run.since) return nothingYet;
    return { kind: 'ticked', by: 'Lucy', at: last.processed_at, note: 'a webhook came and was handled' };
  },
};

/** A case of the same ticket is worked through step by step, too. */
function investigated(step: InvestigationStep): Look {
  return async (sql, _settings, run) => {
    const found = run.ticket === '' ? undefined : await findInvestigationOf(sql, run.ticket);
    if (!found) return nothingYet;
    const ticked = (await listInvestigationSteps(sql, found.id)).find((row) => row.step === step);
    if (!ticked) return nothingYet;
    return { kind: 'ticked', by: ticked.ticked_name, at: ticked.ticked_at, note: ticked.note };
  };
}

async function knowTheWay(sql: Sql, _settings: Settings, run: RunbookRunRow, now: number): Promise<Verdict> {
  const fixes = await listFixes(sql, caseOf(run), now);
  if (fixes.length === 0) return { kind: 'open', why: 'Nothing was done in this case yet.' };
  const used = [...new Set(fixes.map((fix) => fix.command))];
  const unknown = used.filter((command) => !commandsOfRunbooks().has(command));
  if (unknown.length === 0)
    return {
      kind: 'ticked',
      by: 'Lucy',
      at: now,
      note: `${listed(used)} ${used.length === 1 ? 'stands' : 'stand'} in the runbooks`,
    };
  const suggested = run.ticket === '' ? undefined : await findSuggestionFor(sql, run.ticket, run.since);
  if (suggested)
    return {
      kind: 'ticked',
      by: suggested.actor_name,
      at: suggested.created_at,
      note: `suggested as ${suggested.id}`,
    };
  return {
    kind: 'open',
    why: `${listed(unknown)} ${unknown.length === 1 ? 'stands' : 'stand'} in no runbook: suggest the step.`,
  };
}

export function caseOf(run: RunbookRunRow): Case {
  return { customerId: run.customer_id, ticket: run.ticket, since: run.since };
}
