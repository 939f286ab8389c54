import type { Database } from '#db/connection.ts';
import { findWaitingRender, type RenderRow, settleRender, takeRender } from '#db/renders.ts';
import { patiently } from '#db/transaction.ts';
import { type Clock, MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import { type Render, renderHere } from './render.ts';
import { textOfChart, textOfPdf } from './wire.ts';

/** Makes one picture or document that a web process asked for; returns how many. */
export async function carryRenders(
  { database, clock, log }: { database: Database; clock: Clock; log: Log },
  render: Render = renderHere,
): Promise<number> {
  const sql = database.knex;
  const now = clock.now();
  const row = await findWaitingRender(sql, now - MINUTE_MS);
  if (!row) return 0;
  const token = newId('lease', now);
  if (!(await patiently(() => takeRender(sql, row.id, token)))) return 1;
  const made = await make(render, row).then(
    (result) => ({ state: 'done' as const, result, problem: null }),
    (error: unknown) => ({ state: 'failed' as const, result: null, problem: errorMessage(error) }),
  );
  await patiently(() => settleRender(sql, row.id, token, made));
  log.info({ event: 'rendered', id: row.id, kind: row.kind, state: made.state }, 'rendered');
  return 1;
}

async function make(render: Render, { kind, task }: RenderRow): Promise<string> {
  return kind === 'chart'
    ? textOfChart(await render.chart(JSON.parse(task)))
    : textOfPdf(await render.pdf(JSON.parse(task)));
}
