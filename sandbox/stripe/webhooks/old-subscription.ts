type Json = Record<string, unknown>;

/** Before basil a subscription had one period, one plan and one discount. */
export function oldSubscription(object: Json): Json {
  const {
    billing_mode: _mode,
    billing_schedules: _schedules,
    customer_account: _account,
    discounts: _discounts,
    managed_payments: _managed,
    status_details: _details,
    ...rest
  } = object;
  const items = itemsIn(rest.items);
  const [only] = items;
  return {
    ...rest,
    current_period_end: Math.min(...items.map(({ current_period_end }) => Number(current_period_end))),
    current_period_start: Math.max(...items.map(({ current_period_start }) => Number(current_period_start))),
    discount: null,
    items: { ...listIn(rest.items), data: items.map(withoutPeriod), total_count: items.length },
    plan: items.length === 1 ? (only?.plan ?? null) : null,
    quantity: items.length === 1 ? (only?.quantity ?? null) : null,
  };
}

/** The former period stood on the subscription too. */
export function oldPreviousAttributes(previous: Json): Json {
  const former = itemsIn(previous.items);
  const [first] = former;
  if (!first) return previous;
  return {
    ...previous,
    current_period_end: first.current_period_end,
    current_period_start: first.current_period_start,
    items: { ...listIn(previous.items), data: former.map(withoutPeriod) },
    ...(former.length === 1 ? { plan: first.plan, quantity: first.quantity } : {}),
  };
}

function withoutPeriod(item: Json): Json {
  const {
    current_period_end: _end,
    current_period_start: _start,
    current_trial: _trial,
    discounts: _discounts,
    ...rest
  } = item;
  return rest;
}

function itemsIn(items: unknown): Json[] {
  const { data } = listIn(items);
  return Array.isArray(data) ? data : [];
}

function listIn(items: unknown): Json {
  return typeof items === 'object' && items !== null ? { ...items } : {};
}
