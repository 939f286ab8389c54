/** A mail taken apart, as a mail program shows it. */
export type ReadMail = {
  /** By lower-case name, unfolded and decoded. */
  headers: ReadonlyMap<string, string>;
  text: string;
  html: string;
};

type Part = { headers: Map<string, string>; body: string };

/** Reads what Lucy writes: multipart/alternative with a plain and an HTML part (RFC 2045 to 2047). */
export function readMail(raw: Buffer): ReadMail {
  const whole = readPart(raw.toString('latin1'));
  const boundary = /boundary="?([^";]+)"?/i.exec(whole.headers.get('content-type') ?? '')?.[1];
  const parts = boundary === undefined ? [whole] : partsOf(whole.body, boundary);
  const find = (type: string) =>
    parts.find((part) => (part.headers.get('content-type') ?? 'text/plain').toLowerCase().startsWith(type));
  const headers = new Map([...whole.headers].map(([name, value]) => [name, decodeWords(value)]));
  return { headers, text: contentOf(find('text/plain')), html: contentOf(find('text/html')) };
}

function readPart(text: string): Part {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: end < 0 ? '' : text.slice(end + 4) };
}

function partsOf(body: string, boundary: string): Part[] {
  return `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => readPart(piece.replace(/^\r\n/, '')));
}

function contentOf(part: Part | undefined): string {
  if (!part) return '';
  const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase();
  const bytes =
    encoding === 'base64'
      ? Buffer.from(part.body, 'base64')
      : encoding === 'quoted-printable'
        ? unquote(part.body.replaceAll('=\r\n', ''))
        : Buffer.from(part.body, 'latin1');
  return bytes.toString('utf8').replaceAll('\r\n', '\n');
}

function unquote(text: string): Buffer {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

/** `=?UTF-8?Q?…?=` in headers; neighbours belong together. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      (kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64')
        : unquote(text.replaceAll('_', ' '))
      ).toString('utf8'),
    );
}
