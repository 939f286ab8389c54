import { openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { createProductReads } from '../src/checklists/product-reads.ts';
import { systemClock } from '../src/core/clock.ts';
import { createLog } from '../src/core/log.ts';
import { readApiKeys } from '../src/http/api/api-key.ts';
import { createApiRoute } from '../src/http/api-route.ts';
import { createHttpServer } from '../src/http/server.ts';
import { sampleSettings } from '../src/sample-settings.ts';
import { seedCustomers } from './ledger-lucy.ts';
import { listenAndSay } from './say-port.ts';

/** Lucy's API for the product, and nothing beside it. Run as: node bench/entitlements-lucy.ts DATABASE_URL CUSTOMERS. */
const [url = '', customers = '0'] = process.argv.slice(2);
const database = openDatabase(url);
await migrate(database);
await seedCustomers(database, Number(customers), 0, (number) => `customer-${number}@firm.com`);
const log = createLog('warn');
const handle = createApiRoute({
  keys: readApiKeys('product:bench-key', {}),
  database,
  settings: { ...sampleSettings, api: { ...sampleSettings.api, requests_per_second: 1_000_000 } },
  clock: systemClock,
  log,
  productReads: createProductReads(database, log),
});
const server = createHttpServer([{ method: null, path: '/api/', handle }], log);
listenAndSay(server);
