import { z } from 'zod';
import type { ProductCustomerRow } from '#db/product-customers.ts';
import { recordAudit } from '#src/audit/record.ts';
import { putFromProduct } from '#src/customers/put-from-product.ts';
import { defineChange } from './define-route.ts';
import { lineField, newEmailField, productIdField, reasonField } from './fields.ts';

const aStripeCustomer = 'must be a Stripe customer id; it starts with cus_';

/** Adds a customer, or makes them what the product says: the same request again changes nothing. */
export const putCustomer = defineChange({
  method: 'PUT',
  scope: 'customers',
  path: '/api/customers/:id',
  status: 200,
  summary: 'Add or change a customer by the product’s own id',
  description:
    'A customer that Lucy knows by this login email is taken over, unless it has another product id. What is left out stays; a new email counts as not verified unless `emailVerified` says so.',
  once: 'state',
  reason: 'Changed in the product',
  id: productIdField,
  input: z.strictObject({
    email: newEmailField,
    name: lineField(120).nullable().optional(),
    emailVerified: z.boolean('must be true or false').optional(),
    stripeCustomer: z
      .string(aStripeCustomer)
      .regex(/^cus_[A-Za-z0-9_]{1,96}$/, aStripeCustomer)
      .optional()
      .meta({ description: 'The Stripe customer that the product made for this customer; Lucy links it.' }),
    reason: reasonField.optional(),
  }),
  answer: z.strictObject({
    customer: z.string().meta({ description: 'Lucy’s id.' }),
    productId: z.string(),
    email: z.string(),
    name: z.string().nullable(),
    emailVerified: z.boolean(),
  }),

  async change({ id, input }, { sql, settings, cause }) {
    const { before, after, linked, hasChanged } = await putFromProduct(sql, settings, cause, {
      ...input,
      productId: id,
    });
    const answer = { customer: after.id, productId: id, ...shown(after) };
    if (!hasChanged) return { answer, logs: [] };
    await recordAudit(sql, cause, {
      command: 'customer put',
      outcome: 'done',
      customerId: after.id,
      input: { productId: id, ...input },
      before: before && { productId: before.product_id, ...shown(before) },
      after: { productId: id, ...shown(after), ...(linked ? { linked } : {}) },
    });
    const action = before ? 'customer_changed' : 'customer_added';
    return { answer, logs: [{ event: 'customer_changed', action, customer: after.id, linked }] };
  },
});

function shown(row: ProductCustomerRow) {
  return { email: row.email, name: row.name, emailVerified: row.email_verified_at !== null };
}
