import { expect, test } from 'vitest';
import type { Document } from '#src/documents/document.ts';
import { setPdf } from '#src/documents/set-pdf.ts';
import { readPdf } from '#test/world/read-pdf.ts';

const letter: Document = {
  title: 'Evidence for the dispute dp_1',
  about: ['Zoë Müller-Łukasz, Ελένη, Дмитрий'],
  foot: 'dp_1',
  author: 'Acme',
  datedAt: Date.UTC(2026, 10, 21),
  blocks: [
    { kind: 'heading', text: 'Usage' },
    { kind: 'text', text: 'She used it, “every day”.' },
    { kind: 'facts', facts: [{ label: 'Name', value: 'Sofia' }] },
    { kind: 'table', columns: [{ title: 'When', share: 1 }], rows: [], empty: 'There is none.' },
  ],
};

test('every name prints, whatever its script, in fonts that the file brings along', async () => {
  const { bytes, pages } = await setPdf(letter);

  const read = readPdf(bytes);
  expect(pages).toBe(1);
  const [page = ''] = read.pages;
  for (const text of [
    'Evidence for the dispute dp_1',
    'Zoë Müller-Łukasz, Ελένη, Дмитрий',
    'She used it, “every day”.',
    'Sofia',
    'There is none.',
    'Page 1 of 1',
  ])
    expect(page).toContain(text);
  expect(page).not.toContain('\u25a1');
  expect(read.fonts.sort()).toEqual(['DejaVuSans', 'DejaVuSans-Bold']);
});

test('a long table goes on over pages, its head on each, no row lost, and the pages are numbered', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => [`row-${row}`, `used ${'a lot '.repeat(row % 20)}`]);
  const columns = [
    { title: 'When', share: 1 },
    { title: 'What', share: 3 },
  ];

  const { bytes, pages } = await setPdf({ ...letter, blocks: [{ kind: 'table', columns, rows, empty: '' }] });

  const read = readPdf(bytes).pages;
  expect(read).toHaveLength(pages);
  expect(pages).toBeGreaterThan(5);
  read.forEach((page, index) => {
    expect(page).toContain('When\nWhat');
    expect(page).toContain(`Page ${index + 1} of ${pages}`);
  });
  const all = read.join('\n');
  expect(rows.filter(([name]) => !all.includes(`${name}\n`))).toEqual([]);
});

test('the same document gives the same bytes', async () => {
  const [first, second] = await Promise.all([setPdf(letter), setPdf(letter)]);

  expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(true);
});

test('text that would turn its line round is drawn in its order', async () => {
  const { bytes } = await setPdf({ ...letter, title: 'moc.live\u202Eevil.com' });

  expect(readPdf(bytes).pages[0]).toContain('moc.liveevil.com');
});
