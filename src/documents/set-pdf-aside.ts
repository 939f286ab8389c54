import { createSideThread } from '#src/core/side-thread.ts';
import type { Document } from './document.ts';
import type { Pdf } from './set-pdf.ts';

/** Sets a document as a PDF beside everything else: a long table takes a second of CPU. */
export const setPdfAside = createSideThread<Document, Pdf>(new URL('./pdf-thread.ts', import.meta.url));
