import type { Procedure } from '../procedure.ts';

export const scaling: Procedure = {
  name: 'scaling',
  title: 'Scaling',
  source: 'Operations playbook',
  when: 'The product is slow for everybody, and nothing is broken.',
  steps: [
    { key: 'short', says: 'Short term: give the product more web workers and threads (Gunicorn).' },
    {
      key: 'mid',
      says: 'Mid term: move from SQLite to Postgres, with Redis for the queue. For Lucy herself: npx lucy db copy --to postgres://…',
    },
    {
      key: 'long',
      says: 'Long term: let background workers take what is slow, such as CSV files and PDFs. Lucy’s own run apart with npm start -- --role worker.',
    },
  ],
};
