import type { Sql } from '#db/connection.ts';
import type { GracePeriodRow } from '#db/grace-periods.ts';
import { insertMail, type MailStage } from '#db/mails.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';

/**
 * Queues a mail to the customer of a grace, in the transaction of what it tells of: each stage once, however often it
 * is found out. Whether it is still true, and what it says, is decided when it is sent.
 */
export async function queueMail(
  sql: Sql,
  cause: Cause,
  grace: Pick<GracePeriodRow, 'id' | 'customer_id'>,
  stage: MailStage,
): Promise<void> {
  await insertMail(sql, {
    id: newId('mail', cause.now),
    dedupe_key: `grace:${grace.id}:${stage}`,
    grace_id: grace.id,
    customer_id: grace.customer_id,
    stage,
    state: 'pending',
    attempts: 0,
    next_attempt_at: cause.now,
    lease_token: null,
    lease_until: null,
    error: null,
    correlation_id: cause.correlationId,
    created_at: cause.now,
    ended_at: null,
  });
}
