import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF that was made here, page by page: glyphs are turned back into letters by the tables that a reader
 * would copy text with, so a letter without a glyph does not count as printed.
 */
export function readPdf(bytes: Uint8Array): { pages: string[]; fonts: string[] } {
  const file = Buffer.from(bytes).toString('latin1');
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of file.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(id, body);
  const letters = new Map<string, Map<string, string>>();
  for (const [id, body] of objects) {
    const map = /\/ToUnicode (\d+) 0 R/.exec(body)?.[1];
    if (map) letters.set(id, readLetters(streamOf(objects.get(map) ?? '')));
  }
  const pages = [...objects.values()]
    .filter((body) => /\/Type \/Page\b/.test(body))
    .map((body) => {
      const content = streamOf(objects.get(/\/Contents (\d+) 0 R/.exec(body)?.[1] ?? '') ?? '');
      const resources = objects.get(/\/Resources (\d+) 0 R/.exec(body)?.[1] ?? '') ?? body;
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, id]),
      );
      return readContent(content, (font) => letters.get(fonts.get(font) ?? '') ?? new Map());
    });
  return {
    pages,
    fonts: [...new Set([...file.matchAll(/\/FontName \/\w+\+([\w-]+)/g)].map((found) => found[1] ?? ''))],
  };
}

function streamOf(body: string): string {
  const raw = /stream\n([\s\S]*)\nendstream/.exec(body)?.[1] ?? '';
  return /\/FlateDecode/.test(body.split('stream')[0] ?? '')
    ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1')
    : raw;
}

function readLetters(cmap: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, first = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    [...list.matchAll(/<([0-9a-f ]+)>/g)].forEach(([, hex = ''], index) => {
      const units = hex.replaceAll(' ', '').match(/.{4}/g) ?? [];
      const text = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
      found.set((Number.parseInt(first, 16) + index).toString(16).padStart(4, '0'), text);
    });
  }
  return found;
}

function readContent(content: string, lettersOf: (font: string) => Map<string, string>): string {
  let letters = new Map<string, string>();
  let text = '';
  for (const line of content.split('\n')) {
    const font = /^\/(F\d+) [\d.]+ Tf/.exec(line)?.[1];
    if (font) letters = lettersOf(font);
    if (!/T[jJ]$/.test(line)) continue;
    for (const [, glyphs = ''] of line.matchAll(/<([0-9a-f]+)>/g))
      for (const glyph of glyphs.match(/.{4}/g) ?? []) text += letters.get(glyph) ?? '\u25a1';
    text += '\n';
  }
  return text;
}
