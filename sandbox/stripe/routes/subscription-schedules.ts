import { createdPageParams, pageOf } from '../http/page.ts';
import { boolean, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import { releaseSchedule } from '../world/schedule.ts';
import { findRow, rowsOf } from './find.ts';

/** https://docs.stripe.com/api/subscription_schedules */
export const scheduleRoutes: Route[] = [
  route('GET /v1/subscription_schedules', { ...createdPageParams, customer: text }, ({ core, params }) =>
    pageOf(
      '/v1/subscription_schedules',
      'subscription_schedule',
      rowsOf(core, core.tables.schedules, params.customer),
      params,
    ),
  ),
  route('GET /v1/subscription_schedules/:id', {}, ({ core, id }) =>
    findRow(core.tables.schedules, 'subscription schedule', id, 'schedule'),
  ),
  route('POST /v1/subscription_schedules/:id/release', { preserve_cancel_date: boolean }, ({ core, id }) => {
    const schedule = findRow(core.tables.schedules, 'subscription schedule', id, 'schedule');
    if (schedule.subscription === null) {
      throw invalidRequest(
        `You cannot release a subscription schedule that is currently in the \`${schedule.status}\` status.`,
      );
    }
    releaseSchedule(core, schedule.subscription);
    return schedule;
  }),
];
