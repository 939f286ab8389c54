import { type Route, route } from '../http/route.ts';
import { buildAccount } from '../objects/account.ts';

/** When the local account was opened: 2024-07-25, like the account of Stripe's fixtures. */
const opened = 1_721_948_530;

/** https://docs.stripe.com/api/accounts/retrieve */
export const accountRoutes: Route[] = [route('GET /v1/account', {}, () => buildAccount(opened))];
