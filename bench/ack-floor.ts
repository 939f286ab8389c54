import { createServer } from 'node:http';
import { App, HTTPReceiver } from '@slack/bolt';
import Database from 'better-sqlite3';

/**
 * The floor of the acknowledgement: a minimal Bolt app whose one command writes one durable row and answers. Run as:
 * node bench/ack-floor.ts FILE SIGNING_SECRET; prints its port.
 */
const [file = '', signingSecret = ''] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('create table if not exists deliveries (key text primary key, received_at integer)');
const insert = db.prepare('insert into deliveries values (?, ?)');

const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events' });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'U1' }),
});
app.command('/lucy', async ({ ack, body }) => {
  insert.run(body.trigger_id, Date.now());
  await ack({ response_type: 'ephemeral', text: 'sofia@firm.com is on free with 0 credits.' });
});

const server = createServer((request, response) => receiver.requestListener(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
