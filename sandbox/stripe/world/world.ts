import { markUncollectible, voidInvoice } from './bill.ts';
import { cancelAtPeriodEnd, cancelNow, undoCancel } from './cancel.ts';
import { createPrice, createProduct, editPrice, editProduct, findPrice } from './catalogue.ts';
import { changePlan } from './change-plan.ts';
import { checkout, expireCheckout, finishAsyncCheckout } from './checkout.ts';
import type { Core } from './core.ts';
import { attachCard, createCustomer, deleteCustomer, editCustomer } from './customers.ts';
import { answerDispute, closeDispute, escalateInquiry, openDispute } from './dispute.ts';
import { expireIncomplete, failInvoice, giveUp, payInvoice } from './dunning.ts';
import { warnOfFraud } from './fraud-warning.ts';
import { lookUp } from './look-up.ts';
import {
  pauseCollection,
  pauseSubscription,
  resumeCollection,
  resumeSubscription,
  trialWillEnd,
} from './pause.ts';
import { savePortalSettings } from './portal-settings.ts';
import { failRefund, refund, settleRefund } from './refund.ts';
import { finishRenewal, renew } from './renew.ts';
import { releaseSchedule, scheduleChange } from './schedule.ts';
import { subscribe } from './subscribe.ts';

/** What can happen at Stripe, one verb each; every verb emits the events that Stripe would. */
const verbs = {
  answerDispute,
  attachCard,
  cancelAtPeriodEnd,
  cancelNow,
  changePlan,
  checkout,
  closeDispute,
  createCustomer,
  createPrice,
  createProduct,
  deleteCustomer,
  editCustomer,
  editPrice,
  editProduct,
  escalateInquiry,
  expireCheckout,
  expireIncomplete,
  failInvoice,
  failRefund,
  findPrice,
  finishAsyncCheckout,
  finishRenewal,
  giveUp,
  markUncollectible,
  openDispute,
  pauseCollection,
  pauseSubscription,
  payInvoice,
  refund,
  releaseSchedule,
  renew,
  resumeCollection,
  resumeSubscription,
  savePortalSettings,
  scheduleChange,
  settleRefund,
  subscribe,
  trialWillEnd,
  undoCancel,
  voidInvoice,
  warnOfFraud,
};

type Verbs = typeof verbs;
type Bound<F> = F extends (core: Core, ...args: infer A) => infer R ? (...args: A) => R : never;

/** The verbs without their first argument, and the ways to look at the account and to bend time. */
export type World = { [K in keyof Verbs]: Bound<Verbs[K]> } & ReturnType<typeof lookUp> & {
    tables: Core['tables'];
    /** Unix seconds. */
    now: Core['now'];
    at: Core['at'];
    /** Any event at all, for those that no verb makes: `invoice.upcoming`, or a type that nobody knows. */
    emit: Core['emit'];
    withoutEvents: Core['withoutEvents'];
    /** From now on the bank declines this customer's card whenever Lucy asks to collect. */
    declineCards(customerId: string, declines: boolean): void;
    /** From now on refunds that the API is asked for stay pending, until `settleRefund` or `failRefund`. */
    holdRefunds(isHeld: boolean): void;
  };

export function createWorld(core: Core): World {
  const bound = Object.fromEntries(
    Object.entries(verbs).map(([name, verb]) => [
      name,
      (verb as (...args: unknown[]) => unknown).bind(null, core),
    ]),
  ) as { [K in keyof Verbs]: Bound<Verbs[K]> };
  return {
    ...bound,
    ...lookUp(core),
    tables: core.tables,
    now: core.now,
    at: core.at,
    emit: core.emit,
    withoutEvents: core.withoutEvents,
    declineCards(customerId, declines) {
      if (declines) core.tables.decliningCustomers.add(customerId);
      else core.tables.decliningCustomers.delete(customerId);
    },
    holdRefunds(isHeld) {
      core.tables.refunding.isHeld = isHeld;
    },
  };
}
