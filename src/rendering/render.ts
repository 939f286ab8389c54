import type { Document } from '#src/documents/document.ts';
import type { Pdf } from '#src/documents/set-pdf.ts';
import { setPdfAside } from '#src/documents/set-pdf-aside.ts';
import type { Chart } from '#src/pictures/chart.ts';
import { drawChart } from '#src/pictures/draw-chart.ts';

/** Who makes pictures and documents: this process, in a thread of its own, or a worker process. */
export type Render = {
  /** @returns a PNG */
  chart(chart: Chart): Promise<Uint8Array>;
  pdf(document: Document): Promise<Pdf>;
};

export const renderHere: Render = { chart: drawChart, pdf: setPdfAside };
