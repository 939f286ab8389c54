import type { Sql } from '#db/connection.ts';
import {
  followApproval,
  followAudit,
  followChange,
  followDispute,
  followEntry,
  followEvent,
  followGlass,
  followHold,
  followLock,
  followMail,
  followObject,
  followOwnCustomer,
  followPayment,
  followRefund,
  followRun,
  followStripeCustomer,
} from './follow-steps.ts';
import { followPrice, followThing } from './follow-things.ts';
import { thingKinds } from './things.ts';
import type { Trail } from './trail.ts';

/** Adds what an id stands for to the trail; some return the ids that it leads to besides. */
type Step = (sql: Sql, trail: Trail, id: string, now: number) => Promise<unknown>;

export type IdKind = { prefix: string; means: string; step: Step };

/** Which ids Lucy can follow, by how they begin; whatever begins otherwise is a ticket or an `X-Request-ID`. */
export const idKinds: readonly IdKind[] = [
  { prefix: 'run_', means: 'a run', step: followRun },
  { prefix: 'apr_', means: 'an approval', step: followApproval },
  { prefix: 'aud_', means: 'an audit row', step: followAudit },
  { prefix: 'led_', means: 'a ledger entry', step: followEntry },
  { prefix: 'chg_', means: 'an entitlement change', step: followChange },
  { prefix: 'evt_', means: 'a Stripe event', step: followEvent },
  { prefix: 'cus_', means: 'a Stripe customer', step: followStripeCustomer },
  { prefix: 'sub_', means: 'a subscription', step: followObject },
  { prefix: 'in_', means: 'an invoice', step: followPayment },
  { prefix: 'pi_', means: 'a payment intent', step: followPayment },
  { prefix: 'ch_', means: 'a charge', step: followPayment },
  { prefix: 'py_', means: 'a charge', step: followPayment },
  { prefix: 're_', means: 'a refund', step: followRefund },
  { prefix: 'pyr_', means: 'a refund', step: followRefund },
  { prefix: 'dp_', means: 'a dispute', step: followDispute },
  { prefix: 'du_', means: 'a dispute', step: followDispute },
  { prefix: 'issfr_', means: 'an early fraud warning', step: followObject },
  { prefix: 'cs_', means: 'a checkout session', step: followObject },
  { prefix: 'price_', means: 'a price', step: followPrice },
  { prefix: 'lck_', means: 'a fraud lock', step: followLock },
  { prefix: 'mail_', means: 'a mail to a customer', step: followMail },
  { prefix: 'hold_', means: 'credits set aside for a call', step: followHold },
  { prefix: 'glass_', means: 'a break-glass period', step: followGlass },
  { prefix: 'cust_', means: 'a customer', step: followOwnCustomer },
  ...thingKinds.map(({ prefix, means }) => ({ prefix, means, step: followThing })),
];
