import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { Chart } from './chart.ts';

/** Brought along, because a server may have no fonts at all; it knows Latin, Greek, Cyrillic and more. */
const { resolve } = createRequire(import.meta.url);
const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  resolve(`dejavu-fonts-ttf/ttf/${name}`),
);

parentPort?.on('message', async (chart: Chart) => {
  try {
    const png = await draw(chart);
    parentPort?.postMessage({ result: png });
  } catch (error) {
    parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});

async function draw({ spec, width }: Chart): Promise<Uint8Array> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const picture = new Resvg(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
      fitTo: { mode: 'width', value: width },
      background: '#ffffff',
    });
    return picture.render().asPng();
  } finally {
    view.finalize();
  }
}
