/** Up to 50 keys that the account's owner sets: https://docs.stripe.com/api/metadata */
export type Metadata = Record<string, string>;
