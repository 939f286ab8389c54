import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { insertEntitlement } from '#db/entitlements.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import type { BatchDeps } from '#src/batches/deps.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { createFollow } from '#src/follow.ts';
import { batchDepsOf } from './batch-deps.ts';
import { type TerminalWorld, terminalWorld } from './terminal-world.ts';

export type ImportWorld = TerminalWorld & {
  /** Puts a file on the disk and returns its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Customers that are there already, without credits. */
  customers(...emails: string[]): Promise<void>;
  balances(): Promise<Record<string, number>>;
  /** The service does what a worker does. */
  work(): Promise<void>;
  deps: BatchDeps;
};

/** The terminal with a folder of files. */
export async function importWorld(options: { settings?: Settings } = {}): Promise<ImportWorld> {
  const world = await terminalWorld(options);
  const { knex } = world.database;
  const folder = await mkdtemp(join(tmpdir(), 'lucy-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const deps = batchDepsOf(world.runner);
  world.runner.follow = createFollow(world.runner);
  return {
    ...world,
    deps,
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    customers: (...emails) => addCustomers(world, emails),
    async balances() {
      const rows = await knex('credit_accounts as a')
        .join('customers as c', 'c.id', 'a.customer_id')
        .select('c.email', 'a.balance');
      return Object.fromEntries(rows.map((row) => [row.email, row.balance]));
    },
    async work() {
      while ((await carryBatches(deps)) > 0);
    },
  };
}

/** `customer0@firm.com`, `customer1@firm.com` and so on. */
export function manyEmails(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `customer${index}@firm.com`);
}

export async function addCustomers(
  { database, clock }: Pick<TerminalWorld, 'database' | 'clock'>,
  emails: readonly string[],
): Promise<void> {
  const now = clock.now();
  for (let at = 0; at < emails.length; at += 500) {
    const rows = emails.slice(at, at + 500).map((email) => ({
      id: newId('cust', now),
      email,
      name: null,
      email_verified_at: null,
      created_at: now,
    }));
    await database.knex('customers').insert(rows);
    if (emails.length > 500) continue;
    for (const { id } of rows)
      await insertEntitlement(database.knex, {
        customer_id: id,
        tier: 'free',
        access: 'full',
        source: 'default',
        source_ref: null,
        pending_tier: null,
        pending_at: null,
        grace_deadline_at: null,
        inputs_hash: '',
        version: 0,
        updated_at: now,
      });
  }
}
