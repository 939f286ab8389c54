/** Roles of DESIGN section 9. */
export const roles = ['support', 'billing', 'oncall', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Surface = 'slack' | 'terminal' | 'webhook' | 'job' | 'api';

/** Who caused a change. `id` is stable per surface (`slack:U…`, `terminal:ada`); `person` joins one human's ids. */
export type Actor = {
  kind: 'staff' | 'stripe' | 'schedule' | 'lucy' | 'api';
  id: string;
  /** As colleagues know them; shown in cards. */
  name: string;
  /** The person behind several ids: the key under `people:` in the config, or the id itself. */
  person: string;
  roles: readonly Role[];
  /** Why this actor may do nothing at all: a guest, a bot, a stranger, another workspace. Null when fine. */
  refusal: string | null;
};

export const stripeActor: Actor = {
  kind: 'stripe',
  id: 'stripe',
  name: 'Stripe',
  person: 'stripe',
  roles: [],
  refusal: null,
};

export const scheduleActor: Actor = {
  kind: 'schedule',
  id: 'schedule',
  name: 'Lucy’s schedule',
  person: 'schedule',
  roles: [],
  refusal: null,
};
