import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import type { Actor } from '#src/core/actor.ts';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { runDbCopy } from '#src/terminal/db-copy.ts';
import { emptyDatabaseUrl } from './empty-database.ts';
import { staff } from './terminal-world.ts';

export type CopyOptions = {
  keepsOpen?: boolean;
  as?: Actor;
  from?: string;
  to?: string;
  /** Ctrl-C. */
  signal?: AbortSignal;
};

export type Copied = { code: number; out: string; err: string };

export type MovingWorld = {
  source: { database: Database; url: string };
  /** An empty Postgres database. */
  targetUrl: string;
  folder: string;
  /** Opens the target to look into it. */
  target(): Database;
  /** `lucy db copy` without a TTY; the source is closed first unless it says otherwise. */
  copy(args?: string[], options?: CopyOptions): Promise<Copied>;
};

let template: Promise<string> | undefined;

/** An empty SQLite database as this version makes it, to copy from: making one takes seconds. */
function migratedOnce(): Promise<string> {
  template ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lucy-moving-template-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'template.db');
    const database = openDatabase(`sqlite:${path}`);
    await migrate(database);
    await database.close();
    return path;
  })();
  return template;
}

/** A SQLite installation and an empty Postgres database; for tests on Postgres, which bring a server. */
export async function movingWorld(): Promise<MovingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-moving-'));
  const url = `sqlite:${join(folder, 'lucy.db')}`;
  await copyFile(await migratedOnce(), join(folder, 'lucy.db'));
  const database = openDatabase(url);
  const targetUrl = await emptyDatabaseUrl();
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    source: { database, url },
    targetUrl,
    folder,
    target() {
      const opened = openDatabase(targetUrl, { poolMax: 2 });
      onTestFinished(() => opened.close());
      return opened;
    },
    async copy(args = ['--reason', 'outgrown', '--yes'], options = {}) {
      if (!options.keepsOpen) await database.close();
      const copied: Copied = { code: -1, out: '', err: '' };
      const tellError = (text: string) => {
        copied.err += text;
      };
      copied.code = await runDbCopy(['copy', '--to-env', 'NEW_DATABASE', ...args], {
        databaseUrl: options.from ?? url,
        env: { NEW_DATABASE: options.to ?? targetUrl },
        actor: options.as ?? staff('admin'),
        clock: systemClock,
        log: createLog('info', { write: tellError }),
        terminal: {
          write(text) {
            copied.out += text;
          },
          writeError: tellError,
          ask: null,
          untilInterrupted: (work) => work(options.signal ?? new AbortController().signal),
        },
      });
      return copied;
    },
  };
}
