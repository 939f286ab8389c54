import type { IncomingMessage } from 'node:http';

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why this request must be refused, or null. The client API acts as anyone without a password, so another site must
 * not reach it: not by DNS rebinding (a foreign Host), not by posting across origins.
 */
export function refusalOf(request: IncomingMessage): string | null {
  const host = request.headers.host ?? '';
  if (!loopbackHost.test(host)) return 'The sandbox answers only to its own address on this machine.';
  const { origin } = request.headers;
  if (origin !== undefined && !isLoopbackOrigin(origin)) return crossOrigin;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return crossOrigin;
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  // A form of another site cannot send this type without asking first.
  const type = request.headers['content-type'] ?? '';
  return type.startsWith('application/json') ? null : 'The sandbox takes JSON only.';
}

function isLoopbackOrigin(origin: string): boolean {
  return origin.startsWith('http://') && loopbackHost.test(origin.slice('http://'.length));
}

const crossOrigin = 'Another site asked the sandbox to act. It was refused.';
