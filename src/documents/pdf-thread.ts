import { parentPort } from 'node:worker_threads';
import type { Document } from './document.ts';
import { setPdf } from './set-pdf.ts';

parentPort?.on('message', async (document: Document) => {
  try {
    parentPort?.postMessage({ result: await setPdf(document) });
  } catch (error) {
    parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});
