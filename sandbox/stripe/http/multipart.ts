import type { FormTree } from './form.ts';

/** A file in a form: its bytes as latin1 text, one character each. */
export type FormFile = { name: string; type: string; data: string };

/** The boundary of a multipart body; null when it is another kind of body. */
export function boundaryOf(contentType: string | undefined): string | null {
  return /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1] ?? null;
}

/** RFC 7578, as much of it as Stripe's own libraries send: fields, and files as `{ name, type, data }`. */
export function parseMultipart(body: string, boundary: string): FormTree {
  const tree: FormTree = Object.create(null);
  const [, ...parts] = body.split(`--${boundary}`);
  // Without its end nothing in it counts, and what is missing is refused by its name.
  if (!parts.at(-1)?.startsWith('--')) return tree;
  for (const part of parts.slice(0, -1)) {
    const cut = part.indexOf('\r\n\r\n');
    const head = part.slice(0, cut);
    const data = part.slice(cut + 4, -2);
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    const type = /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1]?.trim() ?? 'application/octet-stream';
    tree[name] = filename === undefined ? data : { name: filename, type, data };
  }
  return tree;
}
