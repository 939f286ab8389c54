import { sendJson } from '#sandbox/page/page-headers.ts';
import type { Listener } from '#sandbox/page/page-parts.ts';
import type { ArrivedMail } from './mailbox.ts';

/** Its own styles, and nothing else: a mail can neither run anything nor fetch anything. */
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";

/** GET /mailbox: what arrived, newest first. GET /mailbox/html?id=: one mail's HTML, for a frame of the page. */
export function createMailboxListener(mails: () => readonly ArrivedMail[]): Listener {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    if (request.method !== 'GET')
      return sendJson(response, 405, { ok: false, error: 'Only GET works here.' });
    if (pathname === '/mailbox') return sendJson(response, 200, [...mails()].reverse().map(shown));
    const mail = mails().find(({ id }) => id === searchParams.get('id'));
    if (pathname !== '/mailbox/html' || !mail)
      return sendJson(response, 404, { ok: false, error: 'There is no such mail.' });
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': mailPolicy,
    });
    response.end(mail.html);
  };
}

function shown({ id, headers, envelope, text, html, at }: ArrivedMail) {
  return {
    id,
    at,
    text,
    hasHtml: html !== '',
    sender: headers.get('from') ?? envelope.from,
    to: envelope.to.join(', '),
    subject: headers.get('subject') ?? '(no subject)',
  };
}
