import type { Sql } from '#db/connection.ts';
import { findLink, wasUnlinked } from '#db/customer-links.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import {
  findByProductId,
  findProductCustomer,
  insertProductId,
  type ProductCustomerRow,
  updateCustomer,
} from '#db/product-customers.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { openEntitlement } from '#src/entitlements/recompute.ts';
import { assertLinkable, linkStripeCustomer } from './link.ts';

export type ProductCustomer = {
  /** The product's own id. */
  productId: string;
  /** Lower case. */
  email: string;
  /** Null takes the name away; left out, it stays. */
  name?: string | null | undefined;
  emailVerified?: boolean | undefined;
  /** A Stripe customer that the product made for this customer; it is linked. */
  stripeCustomer?: string | undefined;
};

export type PutCustomer = {
  before: ProductCustomerRow | null;
  after: ProductCustomerRow;
  linked: string | null;
  hasChanged: boolean;
};

/**
 * Makes a customer what the product says they are. The product's id decides who it is; one that staff or Stripe
 * brought before is taken over by login email, unless another product id has it already.
 */
export async function putFromProduct(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  wanted: ProductCustomer,
): Promise<PutCustomer> {
  const existing = await findExisting(sql, wanted);
  const created = existing ? null : await create(sql, settings, cause, wanted);
  // Null twice: another request made the same customer at this moment, and has committed.
  const before = existing ?? (created ? null : await findExisting(sql, wanted));
  const current = created ?? before;
  if (!current) throw new Error(`The customer ${wanted.email} is neither there nor can be made`);
  const after = { ...current, ...changesOf(current, wanted, cause.now) };
  if (after.email !== current.email) await assertEmailFree(sql, after);
  const { id, email, name, email_verified_at } = after;
  const isMoved =
    email !== current.email || name !== current.name || email_verified_at !== current.email_verified_at;
  const isNamed = current.product_id === null;
  if (isMoved) await updateCustomer(sql, id, { email, name, email_verified_at });
  if (isNamed)
    await insertProductId(sql, { product_id: wanted.productId, customer_id: id, created_at: cause.now });
  const linked = await link(sql, cause, id, wanted.stripeCustomer);
  return { before, after, linked, hasChanged: isMoved || isNamed || linked !== null };
}

async function findExisting(sql: Sql, wanted: ProductCustomer): Promise<ProductCustomerRow | null> {
  const known = await findByProductId(sql, wanted.productId);
  if (known) return known;
  const byEmail = await findProductCustomer(sql, wanted.email);
  // An equal request may have named them between the two looks: then they are the one that is meant.
  const isOthers = byEmail && byEmail.product_id !== null && byEmail.product_id !== wanted.productId;
  if (isOthers) throw emailTaken(wanted.email);
  return byEmail ?? null;
}

/** Null when somebody else has just added the same email. */
async function create(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  wanted: ProductCustomer,
): Promise<ProductCustomerRow | null> {
  const id = newId('cust', cause.now);
  const row = { id, email: wanted.email, name: null, email_verified_at: null, created_at: cause.now };
  if (!(await insertCustomerIfNew(sql, row))) return null;
  await openEntitlement(sql, settings, id, cause.now);
  return { ...row, product_id: null };
}

function changesOf(
  current: ProductCustomerRow,
  wanted: ProductCustomer,
  now: number,
): Pick<ProductCustomerRow, 'product_id' | 'email' | 'name' | 'email_verified_at'> {
  // Who has shown that an address is theirs has shown nothing about another one.
  const proven = current.email === wanted.email ? current.email_verified_at : null;
  const verified = wanted.emailVerified ?? proven !== null;
  return {
    product_id: wanted.productId,
    email: wanted.email,
    name: wanted.name === undefined ? current.name : wanted.name,
    email_verified_at: verified ? (proven ?? now) : null,
  };
}

async function assertEmailFree(sql: Sql, customer: ProductCustomerRow): Promise<void> {
  const other = await findProductCustomer(sql, customer.email);
  if (other && other.id !== customer.id) throw emailTaken(customer.email);
}

function emailTaken(email: string): UserError {
  return new UserError(
    'conflict',
    `The login email ${email} belongs to another customer, so nothing was changed.`,
    'Change or remove it there first, or send the id under which that customer is known.',
    { email: 'It belongs to another customer.' },
  );
}

async function link(
  sql: Sql,
  cause: Cause,
  customerId: string,
  stripeCustomerId: string | undefined,
): Promise<string | null> {
  if (stripeCustomerId === undefined) return null;
  if ((await findLink(sql, stripeCustomerId))?.customer_id === customerId) return null;
  await assertLinkable(sql, stripeCustomerId, customerId);
  if (await wasUnlinked(sql, stripeCustomerId)) {
    throw new UserError(
      'conflict',
      `Staff took the link to ${stripeCustomerId} away, so only staff may make it again.`,
      `Ask billing for “customer link EMAIL ${stripeCustomerId}”.`,
      { stripeCustomer: 'Only staff may link it again.' },
    );
  }
  await linkStripeCustomer(sql, cause, { customerId, stripeCustomerId, proof: 'created_by_us' });
  return stripeCustomerId;
}
