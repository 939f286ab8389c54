import type { IncomingMessage } from 'node:http';
import type { ChangeRoute, Key } from './define-route.ts';
import { callerIdField } from './fields.ts';
import { ApiProblem } from './problem.ts';

/** Under which key this change is done once; null when its own state says whether it was done. */
export function readKey(route: ChangeRoute, request: IncomingMessage, input: unknown): Key | null {
  if (route.once === 'state') return null;
  if (typeof route.once === 'function') return route.once(input);
  const fromHeader = [request.headers['idempotency-key'] ?? []].flat().join(', ');
  const fromBody = (input as { idempotencyKey?: string }).idempotencyKey ?? '';
  if (fromHeader !== '' && fromBody !== '' && fromHeader !== fromBody)
    throw new ApiProblem(
      400,
      'invalid',
      'The Idempotency-Key header and “idempotencyKey” in the body differ, so nothing was changed.',
      'Send the key once.',
    );
  const key = fromHeader || fromBody;
  if (callerIdField.safeParse(key).success) return { scope: 'caller', key };
  throw new ApiProblem(
    400,
    'invalid',
    key === '' ? 'There is no idempotency key, so nothing was changed.' : 'The idempotency key is not right.',
    'Send “Idempotency-Key” with 1 to 200 visible ASCII characters, a new one for each act and the same one for its repetitions.',
  );
}
