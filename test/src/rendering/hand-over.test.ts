import { expect, test } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import type { Document } from '#src/documents/document.ts';
import { setPdf } from '#src/documents/set-pdf.ts';
import { carryRenders } from '#src/rendering/carry.ts';
import { createHandOver } from '#src/rendering/hand-over.ts';
import { type Render, renderHere } from '#src/rendering/render.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const document: Document = {
  title: 'A letter',
  about: [],
  foot: 'Lucy',
  author: 'Lucy',
  datedAt: 0,
  blocks: [{ kind: 'text', text: 'Hello' }],
};
const bar = { spec: { data: { values: [{ a: 1 }] }, mark: 'bar', encoding: {} }, width: 100 } as never;

/** A web process, and how often it had to make something itself. */
async function web() {
  const { database } = await freshDatabase();
  const log = createLog('silent');
  let rings = 0;
  const made: string[] = [];
  const here: Render = {
    chart(chart) {
      made.push('chart');
      return renderHere.chart(chart);
    },
    pdf(asked) {
      made.push('pdf');
      return renderHere.pdf(asked);
    },
  };
  const deps = { database, clock: systemClock, log };
  const render = createHandOver({ ...deps, here, wake: () => void rings++ });
  /** A worker process, until it has had something to do. */
  const work = async (does?: Render) => {
    while ((await carryRenders(deps, does)) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const left = () => database.knex('renders');
  return { database, render, made, work, left, rings: () => rings };
}

test('a worker makes the picture and the document that the web process answers with', async () => {
  const { render, made, work, left, rings } = await web();

  const [pdf] = await Promise.all([render.pdf(document), work()]);
  const [png] = await Promise.all([render.chart(bar), work()]);

  const itself = await setPdf(document);
  expect(pdf.pages).toBe(1);
  expect(Buffer.from(pdf.bytes).equals(Buffer.from(itself.bytes))).toBe(true);
  expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
  expect({ made, rings: rings(), left: await left() }).toEqual({ made: [], rings: 2, left: [] });
});

test('without a worker, and where the worker cannot, the web process makes it after all, beside everything else', async () => {
  const { render, made, work, left } = await web();

  expect((await render.pdf(document)).pages).toBe(1);
  const broken: Render = { ...renderHere, pdf: () => Promise.reject(new Error('no fonts')) };
  const [again] = await Promise.all([render.pdf(document), work(broken)]);

  expect(again.pages).toBe(1);
  expect({ made, left: await left() }).toEqual({ made: ['pdf', 'pdf'], left: [] });
});

test('what cannot be drawn at all is told, and the next is drawn', async () => {
  const { render, work } = await web();

  const nonsense = render.chart({ spec: { mark: 'nonsense' } as never, width: 100 });
  await Promise.all([expect(nonsense).rejects.toThrow(), work()]);
  const [pdf] = await Promise.all([render.pdf(document), work()]);

  expect(pdf.pages).toBe(1);
});

test('with the database away it is made all the same', async () => {
  const { database, render, made } = await web();
  await database.knex.schema.dropTable('renders');

  expect((await render.pdf(document)).pages).toBe(1);
  expect(made).toEqual(['pdf']);
});
