import type { IncomingMessage } from 'node:http';

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why this request must be refused, or null.
 * A page of another site could reach a server on this machine: by DNS rebinding (its own name, resolved to
 * 127.0.0.1), which the Host header betrays, or by posting across origins, which Origin and Sec-Fetch-Site betray.
 */
export function refusalOf(request: IncomingMessage): string | null {
  const host = request.headers.host ?? '';
  if (!loopbackHost.test(host)) return 'The sandbox answers only to its own address on this machine.';
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const { origin } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return crossOrigin;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return crossOrigin;
  return null;
}

const crossOrigin = 'Another site asked the sandbox to act. It was refused.';
