import { between, text } from '../http/param-kinds.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import type { Customer } from '../objects/customer.ts';

/** Search is not read-after-write: https://docs.stripe.com/search#data-freshness says up to a minute normally. */
const indexLagSeconds = 60;

/** https://docs.stripe.com/api/customers/search */
export const customerSearchRoutes: Route[] = [
  route(
    'GET /v1/customers/search',
    { query: required(text), limit: between(1, 100), page: text },
    ({ core, params }) => {
      const matches = clausesOf(params.query);
      const found = core.tables.customers
        .newestFirst()
        .filter(
          (customer) =>
            !core.tables.deletedCustomers.has(customer.id) &&
            customer.created <= core.now() - indexLagSeconds &&
            matches.every((matchesClause) => matchesClause(customer)),
        );
      const start = Number(params.page ?? 0) || 0;
      const end = start + (params.limit ?? 10);
      const hasMore = end < found.length;
      return {
        object: 'search_result',
        data: found.slice(start, end),
        has_more: hasMore,
        next_page: hasMore ? String(end) : null,
        url: '/v1/customers/search',
      };
    },
  ),
];

/** `email:"a@b.com" AND metadata["user"]:"42"`; `~` is a part of the text. Only AND is known here. */
function clausesOf(query: string): ((customer: Customer) => boolean)[] {
  return query.split(/\s+AND\s+/).map((clause) => {
    const match = /^(email|name|metadata\[["']([^"']+)["']\])(:|~)["']([^"']*)["']$/.exec(clause.trim());
    if (!match)
      throw invalidRequest(`We were unable to parse your search query: ${query}`, { param: 'query' });
    const [, field = '', key = '', operator, wanted = ''] = match;
    return (customer) => {
      const value = (field === 'email' ? customer.email : field === 'name' ? customer.name : null) ?? '';
      const actual = (key ? (customer.metadata[key] ?? '') : value).toLowerCase();
      return operator === '~' ? actual.includes(wanted.toLowerCase()) : actual === wanted.toLowerCase();
    };
  });
}
