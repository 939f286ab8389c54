import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createScratch, openScratch } from '#db/backup-postgres.ts';
import { sqliteFileOf } from '#db/backup-sqlite.ts';
import { scheduleBackups } from '#src/backups/schedule.ts';
import { backupWorld } from '#test/world/backup-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';

const postgres = useSystemPostgres();
const HOUR_MS = 3_600_000;
const skip = lacksPostgresTools('what killed restores leave behind');

test.skipIf(skip || testEngine !== 'sqlite')(
  'the copy that a killed restore left beside the file goes after a day, also one that no row knows; a young one stays',
  async () => {
    const world = await backupWorld(postgres);
    const { database, deps, clock, folder } = world;
    const beside = dirname(sqliteFileOf(database.knex));
    const leave = (where: string, name: string, hoursAgo: number) => {
      const path = join(where, name);
      mkdirSync(path);
      writeFileSync(join(path, 'lucy.db'), 'half');
      const at = (clock.now() - hoursAgo * HOUR_MS) / 1_000;
      utimesSync(path, at, at);
      return path;
    };
    const old = [leave(beside, '.lucy_rst_0dead', 25), leave(folder, '.lucy_check_bkp_0dead', 25)];
    const young = [leave(beside, '.lucy_rst_0alive', 23), leave(folder, '.lucy_drill_rst_0alive', 2)];
    const others = [leave(beside, '.somebody_elses', 99)];

    await scheduleBackups(deps);

    expect(old.map((path) => existsSync(path))).toEqual([false, false]);
    expect([...young, ...others].map((path) => existsSync(path))).toEqual([true, true, true]);
    expect(existsSync(sqliteFileOf(database.knex))).toBe(true);
  },
);

test.skipIf(skip || testEngine !== 'postgres')(
  'a database that a killed restore left beside ours goes after a day, unless somebody is connected; those of others stay',
  async () => {
    const world = await backupWorld(postgres);
    const other = await backupWorld(postgres);
    const { database, deps } = world;
    const sql = database.knex;
    const leave = async (name: string, hoursAgo: number, on = sql) => {
      await createScratch(on, name);
      const { rows } = await sql.raw(
        "select shobj_description(oid, 'pg_database') as said from pg_database where datname = ?",
        [name],
      );
      const [, whose, since] = /^lucy scratch of (\d+) since (\d+)$/.exec(rows[0].said) ?? [];
      const at = Number(since) - hoursAgo * HOUR_MS;
      await sql.raw(`comment on database ?? is 'lucy scratch of ${whose} since ${at}'`, [name]);
      return name;
    };
    const there = async () => {
      const { rows } = await sql.raw(
        "select datname as name from pg_database where datname like '%0test%' order by 1",
      );
      return rows.map(({ name }: { name: string }) => name);
    };
    await leave('lucy_rst_0test_old', 25);
    const young = await leave('lucy_rst_0test_young', 23);
    const used = await leave('lucy_check_bkp_0test_used', 25);
    const theirs = await leave('lucy_drill_rst_0test_theirs', 25, other.database.knex);
    await sql.raw('create database lucy_rst_0test_silent');
    const connected = openScratch(sql, used);
    await connected.knex.raw('select 1');

    await scheduleBackups(deps);
    expect(await there()).toEqual([used, theirs, 'lucy_rst_0test_silent', young]);

    await connected.close();
    await scheduleBackups(deps);
    await scheduleBackups(other.deps);
    expect(await there()).toEqual(['lucy_rst_0test_silent', young]);
  },
);
