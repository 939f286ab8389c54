import { closeFinding, openFinding } from '#db/findings.ts';
import type { OutboxRow } from '#db/outbox.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleActor } from '#src/core/actor.ts';
import { newId } from '#src/core/ids.ts';
import type { SendProblem } from './announcer.ts';
import type { OutboxDeps } from './deliver.ts';
import { postMessage } from './post.ts';

type Refusal = Extract<SendProblem, { kind: 'refused' }>;

/** Tells a person what only a person can mend, once per channel or message, in the log and in another channel. */
export async function tellTrouble(
  deps: OutboxDeps,
  target: string,
  row: OutboxRow,
  problem: Refusal,
): Promise<void> {
  const name = deps.announcer.nameOf(target);
  const hint = hintFor(name, target, problem);
  // Nothing can be told through Slack about a token that Slack does not take; /health says it too.
  const isNew = problem.blame === 'token' ? false : await raise(deps, target, row, problem, hint);
  if (!isNew && problem.blame !== 'token') return;
  deps.log.error(
    { event: 'messages_undelivered', correlationId: row.correlation_id, target, problem: problem.code },
    `Messages to ${name} do not arrive (${problem.code}). ${hint}`,
  );
}

/** The card is shown again. */
export async function settleCardTrouble(deps: OutboxDeps, cardKey: string): Promise<void> {
  await closeFinding(deps.database.knex, 'message_undelivered', cardKey, deps.clock.now());
}

/** The channel takes messages again. */
export async function settleTrouble(deps: OutboxDeps, target: string): Promise<void> {
  const subject = deps.announcer.nameOf(target);
  await closeFinding(deps.database.knex, 'message_undelivered', subject, deps.clock.now());
}

function raise(
  deps: OutboxDeps,
  target: string,
  row: OutboxRow,
  problem: Refusal,
  hint: string,
): Promise<boolean> {
  const name = deps.announcer.nameOf(target);
  const now = deps.clock.now();
  const cause = {
    actor: scheduleActor,
    surface: 'job' as const,
    correlationId: row.correlation_id,
    reason: 'A message could not be delivered',
    ticket: null,
    runId: null,
    now,
  };
  const summary =
    problem.blame === 'channel'
      ? `Messages to ${name} do not arrive: Slack says ${problem.code}.`
      : `One message to ${name} was given up: Slack says ${problem.code}.`;
  const id = newId('fnd', now);
  return inTransaction(deps.database, async (sql) => {
    const isNew = await openFinding(sql, {
      id,
      kind: 'message_undelivered',
      subject: problem.blame === 'channel' ? name : (row.card_key ?? row.id),
      customer_id: null,
      summary,
      evidence: JSON.stringify({ target, message: row.id, code: problem.code }),
      state: 'open',
      opened_at: now,
      closed_at: null,
      correlation_id: row.correlation_id,
    });
    if (!isNew) return false;
    await postMessage(sql, cause, {
      dedupeKey: `finding:${id}`,
      target: target === 'oncall' ? 'entitlements' : 'oncall',
      reply: { tone: 'warning', title: summary, hint, correlationId: row.correlation_id },
    });
    return true;
  });
}

function hintFor(name: string, target: string, { code, blame }: Refusal): string {
  if (blame === 'token')
    return 'Check SLACK_BOT_TOKEN, and that the app is still installed with the scopes of manifest.yml.';
  if (blame === 'message')
    return 'It stays in the outbox table; “trace” with its correlation id shows what it told of.';
  const elsewhere = target.startsWith('user:')
    ? 'Check the member id under people: or roles: in lucy.config.yml.'
    : `Or name another channel for channels.${target} in lucy.config.yml.`;
  const mend =
    code === 'is_archived' || code === 'is_inactive'
      ? `Unarchive ${name}.`
      : /channel/.test(code)
        ? `Type /invite @lucy in ${name}.`
        : `See who may post in ${name}.`;
  return `${mend} ${elsewhere} What waits is kept and follows then.`;
}
