import { findSlackAnswer, saveSlackAnswer, takeSlackDelivery } from '#db/slack-deliveries.ts';
import { patiently } from '#db/transaction.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { withoutSecretLinks } from '#src/core/secret-links.ts';
import type { Runner } from '#src/runner/runner.ts';

/** A trigger id names one act of one person; where it is missing, equal bytes are the same act. */
export function deliveryKey(kind: string, triggerId: unknown, body: unknown): string {
  return typeof triggerId === 'string' && triggerId !== ''
    ? `${kind}:${triggerId}`
    : `${kind}:${sha256(JSON.stringify(body))}`;
}

const LOOKS = 12;
const LOOK_EVERY_MS = 120;

/**
 * Does the work of a delivery once, however often its bytes come and to whichever process, and gives the repeats the
 * answer of the first. Slack's signature stops no replay inside five minutes.
 *
 * @returns null when the first one has not answered yet. Whoever is to be answered need not wait until the answer is `kept`;
 *   that never fails, for by then the work is done.
 */
export async function answerOnce<A>(
  runner: Pick<Runner, 'database' | 'clock' | 'log'>,
  key: string,
  work: () => Promise<A>,
): Promise<{ answer: A; kept: Promise<void> } | null> {
  const sql = runner.database.knex;
  if (await patiently(() => takeSlackDelivery(sql, key, runner.clock.now()))) {
    const answer = await work();
    return { answer, kept: keep(runner, key, withoutSecretLinks(JSON.stringify({ answer }))) };
  }
  for (let look = 0; look < LOOKS; look++) {
    const saved = await findSlackAnswer(sql, key);
    if (saved !== null) return { ...(JSON.parse(saved) as { answer: A }), kept: Promise.resolve() };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}

async function keep(
  { database, log }: Pick<Runner, 'database' | 'log'>,
  key: string,
  answer: string,
): Promise<void> {
  try {
    await patiently(() => saveSlackAnswer(database.knex, key, answer));
  } catch (error) {
    log.warn({ err: error, event: 'slack_answer_unkept' }, 'A repeat of this request will get no answer');
  }
}
