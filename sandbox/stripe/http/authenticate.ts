import { apiVersion } from '../api-version.ts';
import { invalidRequest, StripeRefusal } from './stripe-refusal.ts';

type Headers = Record<string, string | string[] | undefined>;

/** https://docs.stripe.com/api/authentication: the secret key as a bearer token or as the basic user name. */
export function authenticate(headers: Headers, secretKey: string): void {
  const key = keyIn(String(headers.authorization ?? ''));
  if (key === secretKey) return;
  const message = key
    ? `Invalid API Key provided: ${masked(key)}`
    : "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";
  throw new StripeRefusal(401, { type: 'invalid_request_error', message });
}

/** This server renders one version only; another would be answered wrongly, so it is refused. */
export function checkVersion(headers: Headers): void {
  const version = headers['stripe-version'];
  if (version === undefined || version === apiVersion) return;
  throw invalidRequest(`Invalid Stripe API version: ${version} (the local Stripe speaks only ${apiVersion})`);
}

function keyIn(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return '';
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '';
}

function masked(key: string): string {
  return key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '****';
}
