import { policySettings } from '#src/core/settings-policy.ts';

/** Up to here one approver decides a refund; currencies that are not named always need two. */
const refundOfOne = {
  usd: 500,
  eur: 500,
  gbp: 500,
  chf: 500,
  cad: 750,
  aud: 750,
  jpy: 75_000,
};

/** Credits of one customer, given or taken back; what a day holds is counted for each of the two by itself. */
const creditsOfOne = {
  steps: [
    {
      roles: ['support'],
      up_to: { credits: 500, per_person_day: { credits: 2_000 }, per_customer_day: { credits: 1_000 } },
    },
    { roles: ['billing'], up_to: { credits: 5_000, per_person_day: { credits: 20_000 } } },
    { roles: ['admin'], up_to: { credits: 50_000 } },
    { up_to: { credits: 100_000 }, approvers: { role: 'billing' } },
    { up_to: { credits: 1_000_000 }, approvers: { role: 'billing', count: 2 } },
  ],
};

/**
 * Credits of many customers at once, given or taken back. A step bounds what one customer gets, and all of them together;
 * what a day holds is counted with “credits grant”. It is never so urgent that one person alone decides it.
 */
const creditsOfMany = {
  break_glass: false,
  steps: [
    {
      roles: ['support'],
      up_to: {
        credits: 500,
        total: 2_000,
        per_person_day: { credits: 2_000 },
        per_customer_day: { credits: 1_000 },
      },
    },
    { roles: ['billing'], up_to: { credits: 5_000, total: 20_000, per_person_day: { credits: 20_000 } } },
    { roles: ['admin'], up_to: { credits: 50_000, total: 200_000 } },
    { up_to: { credits: 100_000, total: 1_000_000 }, approvers: { role: 'billing' } },
    { up_to: { credits: 1_000_000, total: 100_000_000 }, approvers: { role: 'billing', count: 2 } },
  ],
};

/**
 * Who may do how much where `policy:` in lucy.config.yml does not name the command; a rule there replaces the whole
 * row. What moves value or destroys and has no row here and none there is refused to everybody.
 */
export const defaultPolicy = policySettings.parse({
  // Who may answer, and how often, is what each approval itself says.
  'approval approve': { steps: [{}] },
  // Money leaves with it, and only looking at Stripe says whether it did already.
  'backup release': { break_glass: false, steps: [{ approvers: { role: 'billing' } }] },
  // All that was done since is gone with it.
  'backup restore': { steps: [{ approvers: { role: 'oncall' } }] },
  'credits consume': { steps: [{}] },
  'credits grant': creditsOfOne,
  'credits import': creditsOfMany,
  // What support may give alone, it may take back alone: so its own grants can always be undone, and no more.
  'credits reverse': creditsOfOne,
  'credits unimport': creditsOfMany,
  // A tier by hand that a file gives has no end, so support asks for it, as with “tier set”.
  'customer import': {
    break_glass: false,
    steps: [
      {
        roles: ['support'],
        up_to: {
          credits: 500,
          total: 2_000,
          tier: 'pro',
          lasts: '30d',
          per_person_day: { credits: 2_000 },
          per_customer_day: { credits: 1_000 },
        },
      },
      { roles: ['billing'], up_to: { credits: 5_000, total: 20_000, per_person_day: { credits: 20_000 } } },
      { roles: ['admin'], up_to: { credits: 50_000, total: 200_000 } },
      { up_to: { credits: 100_000, total: 1_000_000 }, approvers: { role: 'billing' } },
      { up_to: { credits: 1_000_000, total: 100_000_000 }, approvers: { role: 'billing', count: 2 } },
    ],
  },
  // Fraud is stopped with one click, because each minute costs, and a wrong lock is ended; its end is what takes two.
  'customer lock': { steps: [{ roles: ['billing', 'oncall'] }, { approvers: { role: 'billing' } }] },
  'customer unlock': { steps: [{ approvers: { role: 'billing' } }] },
  // What an inquiry gives back counts as a refund does, so that a dispute is no way round the second approver.
  'dispute accept': {
    break_glass: false,
    steps: [
      {
        up_to: { money: refundOfOne, per_customer_day: { money: refundOfOne } },
        approvers: { role: 'billing' },
      },
      { approvers: { role: 'billing', count: 2 } },
    ],
  },
  // The bank takes evidence once, and reads what it says of a customer.
  'dispute contest': { break_glass: false, steps: [{ approvers: { role: 'billing' } }] },
  // Whoever cannot wait locks first: “customer lock” is one click.
  'dispute fraud': { steps: [{ approvers: { role: 'billing' } }] },
  // In all, since the payment failed; the plans themselves give 24 to 72 hours.
  'payment grace': {
    steps: [{ up_to: { lasts: '72h' } }, { up_to: { lasts: '14d' }, approvers: { role: 'billing' } }],
  },
  // It grants and takes tiers and credits, many at once.
  'reconcile apply': { steps: [{ approvers: { role: 'billing' } }] },
  'refund request': {
    break_glass: false,
    steps: [
      // The same for a day of one customer, so that splitting is no way round the second approver.
      {
        up_to: { money: refundOfOne, per_customer_day: { money: refundOfOne } },
        approvers: { role: 'billing' },
      },
      { approvers: { role: 'billing', count: 2 } },
    ],
  },
  // One presses, another looks: what is rolled back may not fit what was written since.
  'release rollback': { steps: [{ approvers: { role: 'oncall' } }] },
  // What ends with its period is charged no more, and can be taken back until then.
  'subscription cancel': {
    steps: [{ up_to: { ends: 'period_end' } }, { approvers: { role: 'billing' } }],
  },
  'tier set': {
    steps: [
      { roles: ['support'], up_to: { tier: 'pro', lasts: '30d' } },
      { roles: ['billing'], up_to: { tier: 'enterprise', lasts: '366d' } },
      { roles: ['admin'] },
      { approvers: { role: 'billing' } },
    ],
  },
});
