/** What an id looks like. Digits alone are none: they may be a telephone, a card or a birthday. */
export type IdForm =
  | { kind: 'email' | 'other' }
  /** One of ours: its time stays, because it orders rows. */
  | { kind: 'ulid'; prefix: string; time: string }
  | { kind: 'prefixed'; prefix: string }
  | { kind: 'slack'; prefix: string };

const own =
  'cust run cor aud led lot acc chg ovr man gra tim out mail fnd apr lck eff glass hold alr inc ine esc inv rbk sug bulk rec rcs rcf bnd bat lease file';
const stripe =
  'cus sub sub_sched si in il ii inpay evt pi ch py re pyr du dp price prod plan pm card src ba tok cs bps txn seti acct we req file prv cn issfr dep po fee link';
const prefixes = `${own} ${stripe}`
  .split(' ')
  .sort((a, b) => b.length - a.length)
  .join('|');

const ulid = new RegExp(`^(${own.replaceAll(' ', '|')})_(01[0-9a-hjkmnp-tv-z]{8})[0-9a-hjkmnp-tv-z]{16}$`);
const prefixed = new RegExp(`^(${prefixes})_[A-Za-z0-9_]+$`);
const slack = /^([UWCDGSTBAF])[A-Z0-9]{8,12}$/;
const email = /^[^\s@:/|,]+@[^\s@:/|,]+$/;

export function idForm(value: string): IdForm {
  const [, ownPrefix = '', time = ''] = ulid.exec(value) ?? [];
  if (ownPrefix !== '') return { kind: 'ulid', prefix: ownPrefix, time };
  const prefix = prefixed.exec(value)?.[1];
  if (prefix !== undefined) return { kind: 'prefixed', prefix };
  const letter = slack.exec(value)?.[1];
  if (letter !== undefined) return { kind: 'slack', prefix: letter };
  return { kind: email.test(value) ? 'email' : 'other' };
}
