import { oneOf } from '../http/param-kinds.ts';
import { type Param, required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import { buildFile } from '../objects/file.ts';
import { filePages } from './dispute-evidence.ts';
import { findRow } from './find.ts';

/** What dispute evidence may be, and how large: https://docs.stripe.com/file-upload */
const kinds: Record<string, { type: string; begins: RegExp }> = {
  'application/pdf': { type: 'pdf', begins: /^%PDF-/ },
  'image/jpeg': { type: 'jpg', begins: /^\xff\xd8\xff/ },
  'image/png': { type: 'png', begins: /^\x89PNG/ },
};
const largest = 5 * 1024 * 1024;
const mostPages = 50;

const upload: Param<{ name: string; data: string }> = {
  read(value, name) {
    if (typeof value === 'string' || typeof value.data !== 'string') {
      throw invalidRequest('Invalid file: must be a file in a multipart/form-data request', { param: name });
    }
    return { name: String(value.name), data: value.data };
  },
};

/** https://docs.stripe.com/api/files; at Stripe these are at files.stripe.com. */
export const fileRoutes: Route[] = [
  route(
    'POST /v1/files',
    { file: required(upload), purpose: required(oneOf('dispute_evidence')) },
    ({ core, params: { file } }) => {
      // By what is in it, whatever it says that it is.
      const kind = Object.values(kinds).find(({ begins }) => begins.test(file.data));
      if (!kind) {
        throw invalidRequest(
          `We don't currently support that file type. Try uploading a file with one of the following mimetypes: ${Object.keys(kinds).join(', ')}.`,
          { param: 'file' },
        );
      }
      if (file.data.length > largest) {
        throw invalidRequest('The file you uploaded was too large. Please upload a file smaller than 5MB.', {
          param: 'file',
        });
      }
      if (filePages(file.data) >= mostPages) {
        throw invalidRequest(
          `The file you uploaded was too long. Please upload a file with fewer than ${mostPages} pages.`,
          { param: 'file' },
        );
      }
      const { files, fileContents } = core.tables;
      const stored = files.add(
        buildFile({
          id: core.newId('file'),
          created: core.now(),
          filename: file.name,
          size: file.data.length,
          type: kind.type,
        }),
      );
      fileContents.set(stored.id, Buffer.from(file.data, 'latin1'));
      return stored;
    },
  ),
  route('GET /v1/files/:id', {}, ({ core, id }) => findRow(core.tables.files, 'file', id)),
];
