import { inMaintenance } from '#src/maintenance/require-open.ts';
import type { MaintenanceWatch } from '#src/maintenance/watch.ts';
import { type Route, sendJson } from './server.ts';

/**
 * Turns away what would be lost: the product’s changes during all of a maintenance, and Stripe’s webhooks only while the
 * database is being swapped. Both are told 503 and come again.
 */
export function closeInMaintenance(routes: readonly Route[], maintenance: MaintenanceWatch): Route[] {
  return routes.map((route) =>
    route.path.startsWith('/api/')
      ? {
          ...route,
          async handle(request, response, url) {
            const row = request.method === 'GET' ? null : await maintenance.read().catch(() => null);
            const isClosed =
              route.path === '/api/billing/webhook' ? row?.intake_closed_at != null : row !== null;
            if (!row || !isClosed) return route.handle(request, response, url);
            const { code, message, hint } = inMaintenance(row);
            request.resume();
            response.setHeader('retry-after', '30');
            sendJson(response, 503, { error: { code, message, hint } });
          },
        }
      : route,
  );
}
