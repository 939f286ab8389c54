import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import {
  countAcceptedBySlot,
  countEventsByType,
  countFetchedSince,
  lastHandled,
  lastWebhookAt,
  measureQueue,
} from '#db/stripe-event-reports.ts';
import { listRejectsSince, sumRejectsSince } from '#db/webhook-rejects.ts';
import { readPollState } from '#src/billing-events/poll-state.ts';
import { DAY_MS, HOUR_MS, isoTime, spanWords } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { counted, listed } from '#src/core/text.ts';
import { bySlot, diagnoseRejects } from '#src/event-recovery/diagnose-rejects.ts';
import { ourEndpoints, whyEndpointsAreHidden } from '#src/event-recovery/endpoints.ts';
import { probeHealth } from '#src/event-recovery/probe-health.ts';
import { readPublicUrl } from '#src/event-recovery/public-url.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import type { Fact } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

/** Playbook, webhook failure recovery 1; runbook 5: everything about the road from Stripe to Lucy in one look. */
export const webhookHealth = defineLookup({
  name: 'webhook health',
  summary: 'Whether Stripe’s webhooks arrive and are handled, and what is wrong if not',
  examples: ['webhook health'],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, stripe, cause: { now } }) {
    const endpoint = await endpointState(sql, stripe);
    const probe = await probeHealth(sql, stripe, now);
    const hour = await lastHour(sql, now);
    const queue = await measureQueue(sql);
    const poll = await readPollState(sql);
    const [arrivedAt, handled] = [await lastWebhookAt(sql), await lastHandled(sql)];
    const fetched = await countFetchedSince(sql, Math.max(arrivedAt ?? 0, now - DAY_MS));
    const problems = [
      ...(endpoint.isWell ? [] : [endpoint.detail]),
      ...(probe.isHealthy ? [] : [probe.detail]),
      ...(hour.diagnosis ? [`${hour.diagnosis.sentence} ${hour.diagnosis.hint}`] : []),
      ...(fetched > 0
        ? [
            `${counted(fetched, 'event')} did not arrive by webhook since the last one came; Lucy fetched them herself.`,
          ]
        : []),
      ...(hour.failed > 0 ? [`${counted(hour.failed, 'event')} of the last hour failed here.`] : []),
      ...(poll?.error ? [`Lucy’s own look at Stripe’s events failed: ${poll.error}`] : []),
    ];
    const facts: Fact[] = [
      { label: 'Endpoint at Stripe', value: endpoint.detail },
      { label: 'Probe', value: probe.detail },
      { label: 'Last webhook', value: arrivedAt === null ? 'None ever came' : { at: arrivedAt } },
      { label: 'Last handled', value: handled ? { at: handled.processed_at } : 'None yet' },
      {
        label: 'Lag',
        value: handled
          ? `${spanWords(Math.max(1, handled.processed_at - handled.received_at))} from arrival to handled`
          : 'Unknown',
      },
      {
        label: 'Waiting',
        value:
          queue.since === null
            ? 'Nothing'
            : `${counted(queue.count, 'event')}, the oldest for ${spanWords(Math.max(1, now - queue.since))}`,
      },
      { label: 'Failed in the last hour', value: rateWords(hour.failed, hour.handled) },
      { label: 'Signed with', value: hour.accepted.size > 0 ? bySlot(hour.accepted) : 'Nothing was taken' },
      { label: 'Refused in the last hour', value: refusedWords(hour.rejects) },
      {
        label: 'Asked Stripe itself',
        value: poll?.lookedAt ? { at: poll.lookedAt } : 'Not yet',
      },
    ];
    return {
      tone: problems.length > 0 ? 'warning' : 'done',
      title:
        problems.length > 0
          ? `Stripe’s webhooks are not well: ${counted(problems.length, 'problem')}.`
          : 'Stripe’s webhooks arrive and are handled.',
      warnings: problems,
      facts,
      buttons: [{ kind: 'command', label: 'What failed', line: 'webhook failed' }],
      json: {
        isWell: problems.length === 0,
        endpoint: endpoint.json,
        probe,
        lastWebhookAt: arrivedAt === null ? null : isoTime(arrivedAt),
        lastHandledAt: handled ? isoTime(handled.processed_at) : null,
        lagMs: handled ? handled.processed_at - handled.received_at : null,
        waiting: queue.count,
        lastHour: { handled: hour.handled, failed: hour.failed, refused: hour.rejects },
        diagnosis: hour.diagnosis,
        poll: poll && {
          lookedAt: poll.lookedAt === null ? null : isoTime(poll.lookedAt),
          cursor: isoTime(Math.max(...poll.groups.map((group) => group.cursor))),
          error: poll.error,
        },
      },
    };
  },
});

async function lastHour(sql: Sql, now: number) {
  const since = now - HOUR_MS;
  const accepted = await countAcceptedBySlot(sql, since);
  const counts = await countEventsByType(
    sql,
    ['done', 'ignored', 'deferred', 'waiting', 'failed', 'dead'],
    since,
  );
  const sum = (statuses: string[]) =>
    counts.reduce((all, row) => all + (statuses.includes(row.status) ? row.count : 0), 0);
  return {
    failed: sum(['failed', 'dead']),
    handled: sum(['done', 'ignored', 'deferred', 'waiting']),
    rejects: await sumRejectsSince(sql, since),
    accepted,
    diagnosis: diagnoseRejects(await listRejectsSince(sql, since), accepted),
  };
}

type EndpointState = { isWell: boolean; detail: string; json: unknown };

async function endpointState(sql: Sql, stripe: StripeGateway | null): Promise<EndpointState> {
  const unknown = (detail: string) => ({ isWell: true, detail, json: null });
  if (!stripe) return unknown('Not asked: STRIPE_SECRET_KEY is not set here.');
  try {
    const publicUrl = await readPublicUrl(sql);
    const ours = ourEndpoints(await stripe.webhooks.listWebhookEndpoints(), publicUrl);
    if (ours.length === 0)
      return {
        isWell: false,
        detail: `Stripe has no webhook endpoint that sends to ${publicUrl ?? ''}/api/billing/webhook.`,
        json: [],
      };
    return {
      isWell: ours.some((endpoint) => endpoint.isEnabled),
      detail: `${listed(ours.map(({ id, url, isEnabled }) => `${id} (${url}) is ${isEnabled ? 'enabled' : 'disabled'}`))}.`,
      json: ours.map(({ id, url, isEnabled }) => ({ id, url, isEnabled })),
    };
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    const hidden = whyEndpointsAreHidden(error);
    if (hidden) return unknown(`${hidden.message} ${hidden.hint}`);
    return unknown(`Stripe could not be asked: ${errorMessage(error)}`);
  }
}

function rateWords(failed: number, handled: number): string {
  const all = failed + handled;
  return all === 0 ? 'No event came' : `${failed} of ${all} (${Math.round((failed / all) * 100)} %)`;
}

function refusedWords(rejects: Record<string, number>): string {
  const parts = Object.entries(rejects).map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`);
  return parts.length > 0 ? listed(parts) : 'None';
}
