/** https://docs.stripe.com/api/accounts/object, as far as an account reads itself. */
export type Account = ReturnType<typeof buildAccount>;

export const accountId = 'acct_1PgafTB7WZ01zgkW';

export function buildAccount(created: number) {
  return {
    id: accountId,
    object: 'account' as const,
    business_profile: { name: 'Lucy Sandbox', support_email: 'help@lucy.example', url: null },
    business_type: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    controller: { type: 'account' },
    country: 'US',
    created,
    default_currency: 'usd',
    details_submitted: true,
    email: 'billing@lucy.example',
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Lucy Sandbox', timezone: 'Etc/UTC' } },
    type: 'standard' as const,
  };
}
