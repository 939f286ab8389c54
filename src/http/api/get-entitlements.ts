import { z } from 'zod';
import { isoTime } from '#src/core/clock.ts';
import { lowestTier } from '#src/core/settings.ts';
import { defineRead } from './define-route.ts';
import { namesOne, namesOneMessage, who } from './fields.ts';
import { requireCustomer } from './find-customer.ts';

const count = z.int().min(0);

/** What a customer may use at this moment; one statement, because the product asks before every call. */
export const getEntitlements = defineRead({
  scope: 'read',
  path: '/api/entitlements',
  summary: 'What a customer may use now',
  description:
    'Tier, access and credits. `access` is `full`, `grace` (a payment failed, the deadline is near), `restricted` or `locked`.',
  input: z.strictObject(who).refine(namesOne, namesOneMessage),
  answer: z.strictObject({
    customer: z.strictObject({ id: z.string(), productId: z.string().nullable(), email: z.string() }),
    tier: z.string(),
    tierSource: z.enum(['subscription', 'manual', 'override', 'default']),
    access: z.enum(['full', 'grace', 'restricted', 'locked']),
    pending: z
      .strictObject({ tier: z.string(), at: z.iso.datetime() })
      .nullable()
      .meta({ description: 'A change of tier that is scheduled.' }),
    graceEndsAt: z.iso.datetime().nullable(),
    credits: z.strictObject({
      balance: count,
      held: count,
      debt: count,
      spendable: count.meta({ description: 'Not held, not frozen and not lapsed.' }),
    }),
  }),

  async read({ input }, { sql, settings, now, productReads }) {
    const found = await requireCustomer(sql, input, now);
    const held = found.held ?? 0;
    const tier = found.tier ?? lowestTier(settings);
    const access = found.access ?? 'full';
    const balance = found.balance ?? 0;
    productReads.note({ customer_id: found.customer_id, read_at: now, tier, access, balance });
    return {
      customer: { id: found.customer_id, productId: found.product_id, email: found.email },
      tier,
      tierSource: found.source ?? 'default',
      access,
      pending:
        found.pending_tier === null || found.pending_at === null
          ? null
          : { tier: found.pending_tier, at: isoTime(found.pending_at) },
      graceEndsAt: found.grace_deadline_at === null ? null : isoTime(found.grace_deadline_at),
      credits: {
        balance,
        held,
        debt: found.debt ?? 0,
        spendable: Math.max((found.open ?? 0) - held, 0),
      },
    };
  },
});
