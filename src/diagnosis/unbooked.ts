import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { type EventFacts, readPayload } from '#db/detector-events.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { readHint } from '#src/billing-events/read-event.ts';
import { formatUtc } from '#src/core/clock.ts';

const session = z.object({
  data: z.object({ object: z.looseObject({ payment_status: z.string().nullish().catch(null) }) }),
});

/**
 * What is wrong with an event of money whose handling has ended: it was set aside, nothing was booked, or its end says
 * neither that something changed nor that nothing had to. Null when all is well.
 */
export async function findUnbooked(sql: Sql, event: EventFacts): Promise<string | null> {
  const name = `${event.type} ${event.id} of ${formatUtc(event.received_at)}`;
  const paymentIds = await paymentsOf(sql, event);
  if (paymentIds.length === 0) return null;
  if (event.status !== 'done')
    return `${name} was ${event.status === 'ignored' ? 'ignored' : 'set aside'}: nothing handles it.`;
  if (!event.outcome) return `${name} was handled, and nothing says that anything changed or why not.`;
  for (const id of paymentIds) if (await findPaymentByAnyId(sql, id)) return null;
  return `${name} was handled, but ${paymentIds[0]} is not booked here.`;
}

/** The payment of which it tells, by any of its ids; none when it tells of no money. */
async function paymentsOf(sql: Sql, event: EventFacts): Promise<string[]> {
  if (event.type === 'invoice.paid') return event.object_id ? [event.object_id] : [];
  const payload = await readPayload(sql, event.id);
  if (!payload) return [];
  const isPaid = session.safeParse(JSON.parse(payload)).data?.data.object.payment_status !== 'unpaid';
  const hint = readHint(payload);
  const ids = [hint.invoiceId, hint.paymentIntentId].filter((id) => id !== null);
  return isPaid ? ids : [];
}
