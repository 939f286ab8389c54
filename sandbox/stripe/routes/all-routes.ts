import type { Route } from '../http/route.ts';
import { accountRoutes } from './account.ts';
import { billingPortalRoutes } from './billing-portal.ts';
import { checkoutSessionRoutes } from './checkout-sessions.ts';
import { customerSearchRoutes } from './customer-search.ts';
import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { eventRoutes } from './events.ts';
import { fileRoutes } from './files.ts';
import { invoicePaymentRoutes } from './invoice-payments.ts';
import { invoiceRoutes } from './invoices.ts';
import { paymentRoutes } from './payments.ts';
import { priceRoutes } from './prices.ts';
import { productRoutes } from './products.ts';
import { refundRoutes } from './refunds.ts';
import { subscriptionChangeRoutes } from './subscription-changes.ts';
import { scheduleRoutes } from './subscription-schedules.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { webhookEndpointRoutes } from './webhook-endpoints.ts';

/** Everything that this server answers. The first match counts, so /search stands before /:id. */
export const allRoutes: Route[] = [
  ...accountRoutes,
  ...customerSearchRoutes,
  ...customerRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...subscriptionRoutes,
  ...subscriptionChangeRoutes,
  ...scheduleRoutes,
  ...invoiceRoutes,
  ...invoicePaymentRoutes,
  ...paymentRoutes,
  ...refundRoutes,
  ...checkoutSessionRoutes,
  ...disputeRoutes,
  ...fileRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...billingPortalRoutes,
];
