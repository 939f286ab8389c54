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

/**
 * Who may do how much where `policy:` in lucy.config.yml does not name the command; a rule there replaces the whole
 * row. What moves value or destroys and has no row here and none there is refused to everybody.
 */
export const defaultPolicy = policySettings.parse({
  // Who may answer, and how often, is what each approval itself says.
  'approval approve': { steps: [{}] },
  'credits consume': { steps: [{}] },
  'credits grant': {
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
  },
  'credits reverse': { steps: [{}] },
  // Fraud is stopped with one click, because each minute costs, and a wrong lock is ended; its end is what takes two.
  'customer lock': { steps: [{ roles: ['billing', 'oncall'] }, { approvers: { role: 'billing' } }] },
  'customer unlock': { steps: [{ approvers: { role: 'billing' } }] },
  // In all, since the payment failed; the plans themselves give 24 to 72 hours.
  'payment grace': {
    steps: [{ up_to: { lasts: '72h' } }, { up_to: { lasts: '14d' }, approvers: { role: 'billing' } }],
  },
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
