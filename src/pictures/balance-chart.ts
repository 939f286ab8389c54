import { DAY_MS } from '#src/core/clock.ts';
import type { CreditHistory } from '#src/credits/history.ts';
import { type BalanceMark, balanceMarks, figure } from './balance-marks.ts';
import type { Chart } from './chart.ts';
import { balanceSubtitle, balanceTitle } from './describe-balance.ts';

/** Dark on light, also where the reader's Slack is dark: a picture keeps its own ground. */
const ink = '#1f2937';
const colours = {
  line: '#1d4ed8',
  under: '#dbe7ff',
  in: '#15803d',
  out: '#b45309',
  kept: '#7c3aed',
  owed: '#b91c1c',
};

const letters = { type: 'text', fontSize: 22, fontWeight: 'bold' } as const;
/** The scale of a customer who never had credits. */
const EMPTY_TOP = 10;

type Layer = Extract<Chart['spec'], { layer: unknown }>['layer'][number];

/**
 * The credit balance over time as a step line, with the big grants and spends, what is held or frozen, and what is
 * owed below zero. Letters are large, because a phone shows the picture at a third of its size.
 */
export function balanceChart(history: CreditHistory): Chart {
  const { from, to, before, buckets, balance, held, frozen, debt } = history;
  const course = [
    { at: from, balance: before },
    ...buckets.map((bucket) => ({ at: Math.max(bucket.lastAt, from), balance: bucket.balance })),
    { at: to, balance },
  ];
  const top = Math.max(EMPTY_TOP, ...course.map((point) => point.balance));
  const y = { field: 'balance', type: 'quantitative' } as const;
  const scale = { type: 'utc' as const, domain: [from, to] };
  const x = { field: 'at', type: 'temporal' as const, scale };
  const marks = balanceMarks(history);
  const kept = Math.min(held + frozen, balance);
  const layers: Layer[] = [
    {
      data: { values: course },
      mark: { type: 'area', interpolate: 'step-after', color: colours.under },
      encoding: {
        x: { ...x, axis: timeAxis(to - from) },
        y: { ...y, axis: amountAxis, stack: false, scale: { domain: [-debt * 1.2, top * 1.2] } },
      },
    },
    {
      data: { values: [{ balance: 0 }] },
      mark: { type: 'rule', color: ink, strokeWidth: 2 },
      encoding: { y },
    },
    {
      data: { values: course },
      mark: { type: 'line', interpolate: 'step-after', color: colours.line, strokeWidth: 4 },
      encoding: { x, y },
    },
    ...marks.flatMap((mark) => marked(mark, history)),
    ...(kept > 0 ? ending(to, balance - kept, balance, colours.kept, `${figure(kept)} held or frozen`) : []),
    ...(isEmpty(history) ? [said('No credits came or went in this time.', (from + to) / 2)] : []),
    ...(debt > 0 ? ending(to, -debt, 0, colours.owed, `owes ${figure(debt)}`) : []),
  ];
  return { spec: { ...frame(history), layer: layers }, width: 1600 };
}

/** A mark on the line with its figure: beside the drop that it names, and never over the edge. */
function marked(mark: BalanceMark, { from, to }: CreditHistory): Layer[] {
  const { kind } = mark;
  const place = (mark.at - from) / (to - from);
  const align = place > 0.88 ? 'right' : place < 0.08 || kind === 'out' ? 'left' : 'center';
  const position = {
    x: { field: 'at', type: 'temporal' },
    y: { field: 'balance', type: 'quantitative' },
  } as const;
  const values = [mark];
  const look = { color: colours[kind], opacity: 1 };
  const shape = kind === 'in' ? 'triangle-up' : 'triangle-down';
  const dx = align === 'left' ? 14 : align === 'right' ? -14 : 0;
  return [
    {
      data: { values },
      mark: { type: 'point', shape, filled: true, size: 260, ...look },
      encoding: position,
    },
    {
      data: { values },
      mark: { ...letters, ...look, align, dx, dy: -22 },
      encoding: { ...position, text: { field: 'label' } },
    },
  ];
}

function isEmpty({ before, balance, buckets, debt }: CreditHistory): boolean {
  return buckets.length === 0 && before === 0 && balance === 0 && debt === 0;
}

function said(text: string, at: number): Layer {
  return {
    data: { values: [{ at, balance: EMPTY_TOP / 2 }] },
    mark: { ...letters, text, color: '#4b5563' },
    encoding: { x: { field: 'at', type: 'temporal' }, y: { field: 'balance', type: 'quantitative' } },
  };
}

/** A thick stroke at the right end, from one level to another, with words before it. */
function ending(at: number, low: number, high: number, color: string, label: string): Layer[] {
  const x = { field: 'at', type: 'temporal' } as const;
  const y = { field: 'low', type: 'quantitative' } as const;
  const values = [{ at, low, high, middle: (low + high) / 2, label }];
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 14, color, xOffset: -7 },
      encoding: { x, y, y2: { field: 'high' } },
    },
    {
      data: { values },
      mark: { ...letters, align: 'right', dx: -24, color },
      encoding: { x, y: { field: 'middle', type: 'quantitative' }, text: { field: 'label' } },
    },
  ];
}

function frame(history: CreditHistory) {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 860,
    height: 400,
    padding: 24,
    background: '#ffffff',
    title: {
      text: balanceTitle(history),
      subtitle: balanceSubtitle(history),
      anchor: 'start' as const,
      offset: 18,
      fontSize: 28,
      subtitleFontSize: 21,
      color: ink,
      subtitleColor: '#4b5563',
      subtitlePadding: 8,
    },
    config: {
      font: 'DejaVu Sans',
      view: { stroke: null },
      axis: {
        labelFontSize: 20,
        labelColor: ink,
        gridColor: '#e5e7eb',
        tickColor: '#9ca3af',
        domainColor: '#9ca3af',
      },
    },
  };
}

const amountAxis = { title: null, format: ',d', tickMinStep: 1, tickCount: 5, labelPadding: 8 };

function timeAxis(span: number) {
  const format = span > 3 * DAY_MS ? '%b %-d' : '%b %-d %H:%M';
  return {
    title: null,
    format,
    tickCount: 4,
    grid: false,
    labelPadding: 8,
    labelOverlap: true,
    labelLimit: 0,
    labelFlush: true,
  };
}
