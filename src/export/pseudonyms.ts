import { createHmac } from 'node:crypto';
import { scheduleActor, stripeActor } from '#src/core/actor.ts';
import { idForm } from './id-forms.ts';
import { isPlain } from './plain.ts';

/** The same value has the same pseudonym in one export, and another one in the next: the key is thrown away. */
export type Pseudonyms = {
  /** For an id or a key of ours: words stay, and numbers that count what one of our ids names. */
  id(value: string): string;
  /** For an id that others chose: nothing of it stays but its form. */
  foreign(value: string): string;
  /** The pseudonym of what is surely an id or an address; null for what may be prose. */
  shaped(value: string): string | null;
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

  function shaped(value: string): string | null {
    const form = idForm(value);
    switch (form.kind) {
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

  function single(value: string, isOurs: boolean): string {
    const stays = isOurs ? words.has(value) || keyWord.test(value) : systemIds.has(value);
    return value === '' || stays ? value : (shaped(value) ?? `x${mac(value, crockford, 16)}`);
  }

  /** A key such as `inv:in_1:grant` holds ids that stand elsewhere on their own. */
  function composed(value: string, isKey: boolean): string {
    const parts = value.split(/([:/|#,])/);
    let isOurs = isKey;
    let isOpening = true;
    let isOfOurId = false;
    return parts
      .map((part, index) => {
        if (index % 2 === 1 || part === '') return part;
        const opensOthers = (isOurs || isOpening) && foreignWord.test(part) && parts[index + 1] === ':';
        if (opensOthers) isOurs = false;
        else isOpening = false;
        if (opensOthers || (isOurs && isOfOurId && isPlain(part))) return part;
        isOfOurId ||= keyWord.test(parts[0] ?? '') && countable.has(idForm(part).kind);
        return single(part, isOurs);
      })
      .join('');
  }

  return {
    id: (value) => (words.has(value) ? value : composed(value, true)),
    foreign: (value) => composed(value, false),
    shaped,
    email,
    name: (value) => (systemNames.has(value) ? value : `Person ${mac(value, hex, 8)}`),
    hash: (value) => createHmac('sha256', key).update(value).digest('hex'),
  };
}

/** Words of which keys are made. Few, because a name could look like one. */
const keyWord =
  /^(slack|terminal|lucy|stripe|schedule|system|api|key|run|user|card|approval|incident|entitlement_change|finding|grace|credits|pay|pi|inv|usage|hold|lot|batch|grant|spend|settle|expire|reverse|refund|cancel|action|slash|view|event|actor|entitlements|approvals|billing|oncall|incidents)$/;
/** What follows is somebody's own: a login, a key of the product. */
const foreignWord = /^(slack|terminal|api|user|person|customer|usage|report)$/;
const countable = new Set(['ulid', 'prefixed', 'slack']);
/** Nobody is called like these. */
const systemIds = new Set([stripeActor.id, scheduleActor.id]);
const systemNames = new Set([stripeActor.name, scheduleActor.name]);
