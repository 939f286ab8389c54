import { pageOf, pageParams } from '../http/page.ts';
import { anything, boolean, text } from '../http/param-kinds.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import type { PortalSession } from '../objects/billing-portal.ts';
import type { Core } from '../world/core.ts';
import { findLiveCustomer, findNamed } from './find.ts';

const createParams = {
  after_expiration: anything,
  configuration: text,
  customer: required(text),
  flow_data: anything,
  locale: text,
  return_url: text,
};

/** https://docs.stripe.com/api/customer_portal */
export const billingPortalRoutes: Route[] = [
  route('POST /v1/billing_portal/sessions', createParams, ({ core, params }) => {
    const customer = findLiveCustomer(core, params.customer, 'customer');
    const id = core.newId('portalSession');
    const session: PortalSession = {
      id,
      object: 'billing_portal.session',
      configuration: configurationFor(core, params.configuration),
      created: core.now(),
      customer: customer.id,
      customer_account: null,
      flow: null,
      livemode: core.livemode,
      locale: params.locale ?? null,
      on_behalf_of: null,
      return_url: params.return_url ?? null,
      url: `https://billing.stripe.com/p/session/test_${id.slice(-14)}`,
    };
    core.tables.portalSessions.add(session);
    core.emit('billing_portal.session.created', session);
    return session;
  }),
  route(
    'GET /v1/billing_portal/configurations',
    { ...pageParams, active: boolean, is_default: boolean },
    ({ core, params }) =>
      pageOf(
        '/v1/billing_portal/configurations',
        'billing_portal.configuration',
        core.tables.portalConfigurations.newestFirst(),
        params,
        (configuration) =>
          (params.active === undefined || configuration.active === params.active) &&
          (params.is_default === undefined || configuration.is_default === params.is_default),
      ),
  ),
];

/** Without saved portal settings there is no session: the usual first error of a new account. */
function configurationFor(core: Core, named: string | undefined): string {
  const { portalConfigurations } = core.tables;
  if (named !== undefined) {
    return findNamed(portalConfigurations, 'configuration', named, 'configuration').id;
  }
  const saved = portalConfigurations.newestFirst().find(({ active, is_default }) => active && is_default);
  if (saved) return saved.id;
  const mode = core.livemode ? 'live' : 'test';
  throw invalidRequest(
    `No configuration provided and your ${mode} mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in ${mode} mode at https://dashboard.stripe.com/${core.livemode ? '' : 'test/'}settings/billing/portal.`,
  );
}
