/** How Stripe wraps several objects: https://docs.stripe.com/api/pagination */
export type List<T> = { object: 'list'; data: T[]; has_more: boolean; url: string };

export function listOf<T>(url: string, data: T[], hasMore = false): List<T> {
  return { object: 'list', data, has_more: hasMore, url };
}
