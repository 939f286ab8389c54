import { expect, test } from 'vitest';
import { postgresPlace } from '#db/backup-postgres.ts';
import type { Sql } from '#db/connection.ts';

test('no secret of the address reaches the arguments of a tool, which everybody on the machine may list', () => {
  const placeOf = (connectionString: string) =>
    postgresPlace({ client: { config: { connection: { connectionString } } } } as unknown as Sql, 'beside');
  expect(placeOf('postgres://lucy:s%3Acret@db:5432/lucy')).toEqual({
    url: 'postgres://lucy@db:5432/beside',
    password: 's:cret',
  });
  expect(
    placeOf('postgres://lucy:other@db/lucy?sslmode=require&password=a%26b&sslpassword=key-secret'),
  ).toEqual({ url: 'postgres://lucy@db/beside?sslmode=require', password: 'a&b' });
});
