import { consumeCredits } from './consume-credits.ts';
import type { ApiRoute } from './define-route.ts';
import { getHold, settleReserved, voidReserved } from './end-hold.ts';
import { getEntitlements } from './get-entitlements.ts';
import { putCustomer } from './put-customer.ts';
import { postRelease } from './record-release.ts';
import { postReport } from './record-report.ts';
import { postUsage } from './record-usage.ts';
import { reserveCredits } from './reserve-credits.ts';

/** Everything that the product may ask of Lucy; `GET /api/openapi.json` is made of it. */
export const apiRoutes: readonly ApiRoute[] = [
  getEntitlements,
  consumeCredits,
  reserveCredits,
  getHold,
  settleReserved,
  voidReserved,
  postUsage,
  postReport,
  postRelease,
  putCustomer,
];
