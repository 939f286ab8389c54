import type { Sql } from './connection.ts';
import type { ReportRow } from './reports.ts';

/** What a customer did with the product between two moments, both included. */
export type CustomerUse = {
  reports: number;
  lastReportAt: number | null;
  calls: number;
  credits: number;
  lastCallAt: number | null;
};

export async function readCustomerUse(
  sql: Sql,
  customerId: string,
  span: { from: number; to: number },
): Promise<CustomerUse> {
  const within = (table: string) =>
    sql(table).where({ customer_id: customerId }).whereBetween('at', [span.from, span.to]);
  const reports = await within('reports').count({ total: '*' }).max({ last: 'at' }).first();
  const usage = await within('ai_usage')
    .count({ total: '*' })
    .sum({ credits: 'credits' })
    .max({ last: 'at' })
    .first();
  return {
    reports: Number(reports?.total ?? 0),
    lastReportAt: numberOrNull(reports?.last),
    calls: Number(usage?.total ?? 0),
    credits: Number(usage?.credits ?? 0),
    lastCallAt: numberOrNull(usage?.last),
  };
}

/** AI calls of one UTC day, added up. */
export type UsageDay = { lastAt: number; calls: number; credits: number };

/** The newest days with any AI call, newest first. */
export async function listUsageDays(
  sql: Sql,
  customerId: string,
  span: { from: number; to: number; limit: number },
): Promise<UsageDay[]> {
  const rows = await sql('ai_usage')
    .where({ customer_id: customerId })
    .whereBetween('at', [span.from, span.to])
    .groupByRaw('at / 86400000')
    .select(sql.raw('max(at) as last, count(*) as calls, sum(credits) as credits'))
    .orderBy('last', 'desc')
    .limit(span.limit);
  return rows.map((row) => ({
    lastAt: Number(row.last),
    calls: Number(row.calls),
    credits: Number(row.credits),
  }));
}

/** Newest first. */
export async function listReports(
  sql: Sql,
  customerId: string,
  span: { from: number; to: number; limit: number },
): Promise<ReportRow[]> {
  return sql<ReportRow>('reports')
    .where({ customer_id: customerId })
    .whereBetween('at', [span.from, span.to])
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'report_id', order: 'desc' },
    ])
    .limit(span.limit);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
