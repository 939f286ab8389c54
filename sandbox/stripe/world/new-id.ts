import { createHash, randomBytes } from 'node:crypto';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The account's part of every id; the fixtures' account, so that ids look alike. */
const accountPart = 'B7WZ01zgkW';

/** `#` is a random letter. The shapes are those of Stripe's own ids. */
const forms = {
  balanceTransaction: `txn_3#####${accountPart}1#######`,
  charge: `ch_3#####${accountPart}1#######`,
  checkoutSession: `cs_test_a1${'#'.repeat(56)}`,
  customer: 'cus_##############',
  dispute: `du_1#####${accountPart}########`,
  event: `evt_1#####${accountPart}########`,
  file: `file_1#####${accountPart}########`,
  fraudWarning: `issfr_1#####${accountPart}########`,
  invoice: `in_1#####${accountPart}########`,
  invoiceItem: `ii_1#####${accountPart}########`,
  invoiceLine: `il_1#####${accountPart}########`,
  invoicePayment: `inpay_1#####${accountPart}########`,
  paymentIntent: `pi_3#####${accountPart}1#######`,
  paymentMethod: `pm_1#####${accountPart}########`,
  portalConfiguration: `bpc_1#####${accountPart}########`,
  portalSession: `bps_1#####${accountPart}########`,
  price: `price_1#####${accountPart}########`,
  product: 'prod_##############',
  refund: `re_3#####${accountPart}1#######`,
  request: 'req_##############',
  sessionLine: `li_1#####${accountPart}########`,
  subscription: `sub_1#####${accountPart}########`,
  subscriptionItem: 'si_##############',
  subscriptionSchedule: `sub_sched_1#####${accountPart}########`,
  webhookEndpoint: `we_1#####${accountPart}########`,
};

export type IdKind = keyof typeof forms;
export type NewId = (kind: IdKind) => string;

/** Ids that look like Stripe's; the same seed gives the same ids in the same order. */
export function createNewId(seed: string | null, livemode: boolean): NewId {
  const next = randomNumbers(seed ?? randomBytes(16).toString('hex'));
  return (kind) => {
    const form = livemode ? forms[kind].replace('cs_test_', 'cs_live_') : forms[kind];
    return form.replace(/#/g, () => letters.charAt(next() % letters.length));
  };
}

/** The xorshift128 generator: small, fast and repeatable, which is all that an id here needs. */
function randomNumbers(seed: string): () => number {
  const start = createHash('sha256').update(seed).digest();
  const word = (at: number) => start.readUInt32LE(at) || 1;
  let [a, b, c, d] = [word(0), word(4), word(8), word(12)];
  return () => {
    let t = d;
    const s = a;
    [d, c, b] = [c, b, s];
    t ^= t << 11;
    t ^= t >>> 8;
    a = (t ^ s ^ (s >>> 19)) >>> 0;
    return a;
  };
}
