import { createServer } from 'node:http';
import '@slack/bolt';
import 'stripe';
import 'knex';
import 'better-sqlite3';
import 'pino';
import 'zod';
import 'yaml';

/** The libraries that the service cannot do without, loaded and a port opened: what a start costs before any line of ours. */
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
