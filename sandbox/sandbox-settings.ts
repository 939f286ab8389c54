import { DAY_MS, isoTime, systemClock } from '#src/core/clock.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { people, userGroups } from './cast.ts';

const groupOf = (handle: string) =>
  userGroups.filter((group) => group.handle === handle).map((group) => group.id);

/** Before the cast's first payment: what they paid has brought credits, so that a dispute has some to freeze. */
const CREDITS_SINCE_DAYS = 200;

/** The settings of the sandbox: what the local Stripe sells, and the roles of the cast by their user groups. */
export const sandboxSettings: Settings = settingsSchema.parse({
  plans: [
    { lookup_key: 'starter_monthly', tier: 'starter', credits_per_period: 100, grace_hours: 24 },
    { lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500, grace_hours: 48 },
    { lookup_key: 'pro_yearly', tier: 'pro', credits_per_period: 6_000, grace_hours: 72 },
    { lookup_key: 'enterprise_monthly', tier: 'enterprise', credits_per_period: 5_000, grace_hours: 72 },
  ],
  billing: { credits_since: isoTime(systemClock.now() - CREDITS_SINCE_DAYS * DAY_MS) },
  credit_packs: [{ lookup_key: 'credits_pack_100', credits: 100 }],
  mail: { product: 'Firm Studio', support: 'help@sandbox.example', reply_to: 'billing@sandbox.example' },
  disputes: {
    merchant: 'Firm Studio',
    product_description:
      'Firm Studio turns spreadsheets into written reports; each uses credits of the subscription.',
    refund_policy: 'Payments are refunded in full within 14 days when no report was made.',
    cancellation_policy: 'A subscription can be cancelled at any time and ends with its paid period.',
  },
  roles: {
    support: { groups: groupOf('support') },
    billing: { groups: groupOf('billing') },
    oncall: { groups: groupOf('oncall') },
    admin: { groups: groupOf('admins') },
  },
  teams: {
    billing_engineering: { channel: '#lucy-billing', group: groupOf('billing')[0] },
    backend_engineering: { group: groupOf('oncall')[0] },
    data_platform: { group: groupOf('oncall')[0] },
    devops: { group: groupOf('oncall')[0] },
  },
  people: Object.fromEntries(
    Object.values(people)
      .filter((person) => !person.isGuest)
      .map((person) => [person.handle, { name: person.realName, slack: person.id, terminal: person.handle }]),
  ),
});
