import { createHmac } from 'node:crypto';
import { idForm } from './id-forms.ts';

/** The same value has the same pseudonym in one export, and another one in the next: the key is thrown away. */
export type Pseudonyms = {
  id(value: string): string;
  /** The pseudonym of what is surely an id, an address, a date or a small number; null for what may be prose. */
  token(value: string): string | null;
  email(value: string): string;
  name(value: string): string;
  hash(value: string): string;
};

const hex = '0123456789abcdef';
const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const capitals = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Pseudonyms under a key (HMAC-SHA256), in the form of what they replace, so that code that looks at a prefix still
 * works: `cus_…` becomes another `cus_…`, `run_…` keeps its time, an address becomes `c-…@example.invalid`.
 *
 * @param words what stays as it is wherever it stands, such as the tiers and prices of the settings
 */
export function createPseudonyms(key: Uint8Array, words: ReadonlySet<string>): Pseudonyms {
  const mac = (value: string, alphabet: string, length: number): string =>
    Array.from(createHmac('sha256', key).update(value).digest().subarray(0, length))
      .map((byte) => alphabet[byte % alphabet.length])
      .join('');

  function email(value: string): string {
    return `c-${mac(value.toLowerCase(), hex, 20)}@example.invalid`;
  }

  function token(value: string): string | null {
    if (value === '' || words.has(value)) return value;
    const form = idForm(value);
    switch (form.kind) {
      case 'plain':
        return value;
      case 'email':
        return email(value);
      case 'ulid':
        return `${form.prefix}_${form.time}${mac(value, crockford, 16)}`;
      case 'prefixed':
        return `${form.prefix}_${mac(value, letters, 24)}`;
      case 'slack':
        return `${form.prefix}${mac(value, capitals, 10)}`;
      case 'other':
        return null;
    }
  }

  function id(value: string): string {
    const known = token(value);
    if (known !== null) return known;
    // A key such as `inv:in_1:grant` holds ids that stand elsewhere on their own.
    const parts = value.split(/([:/|#,])/);
    if (parts.length > 1)
      return parts.map((part, index) => (index % 2 === 1 || part === '' ? part : id(part))).join('');
    return keyWord.test(value) ? value : `x${mac(value, crockford, 16)}`;
  }

  return {
    id,
    token,
    email,
    name: (value) => (words.has(value) ? value : `Person ${mac(value, hex, 8)}`),
    hash: (value) => createHmac('sha256', key).update(value).digest('hex'),
  };
}

/** Words of which keys are made. Few, because a name could look like one. */
const keyWord =
  /^(slack|terminal|lucy|stripe|schedule|system|api|key|run|user|card|approval|incident|entitlement_change|finding|grace|credits|pay|inv|usage|hold|lot|batch|grant|spend|settle|expire|reverse|refund|cancel|action|slash|view|event|actor|entitlements|approvals|billing|oncall|incidents)$/;
