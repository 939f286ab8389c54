import { listSealedAfter } from '#db/audit-seals.ts';
import type { Sql } from '#db/connection.ts';
import { sealHash } from '#src/audit/canonical.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

export type Tampering = {
  name: string;
  /** Rewrites history on a copy without triggers. `length` rows are sealed, as seals 1 to `length`. */
  run(sql: Sql, length: number, random: (below: number) => number): Promise<void>;
};

const columnsOfRow = [
  'at',
  'actor_id',
  'actor_name',
  'person',
  'surface',
  'command',
  'run_id',
  'customer_id',
];
const moreColumns = [
  'input',
  'before',
  'after',
  'reason',
  'ticket',
  'correlation_id',
  'approval_id',
  'approved_by',
];

const eventOf = (sql: Sql, seq: number) =>
  sql('audit_events').whereIn('id', sql('audit_seals').where({ seq }).select('audit_id'));

/** What somebody might do who owns the database, each at a place and in a way of its own. */
export const tamperings: readonly Tampering[] = [
  {
    name: 'edit a row',
    async run(sql, length, random) {
      const names = [...columnsOfRow, ...moreColumns, 'break_glass'];
      const name = names[random(names.length)] ?? '';
      const value = name === 'at' ? random(1_000_000) : `forged-${random(1_000_000)}`;
      await eventOf(sql, 1 + random(length)).update({ [name]: value });
    },
  },
  {
    name: 'turn a refusal round',
    run: (sql, length, random) => eventOf(sql, 1 + random(length)).update({ outcome: 'refused' }),
  },
  { name: 'delete a row', run: (sql, length, random) => eventOf(sql, 1 + random(length)).delete() },
  {
    name: 'delete a seal',
    async run(sql, length, random) {
      await sql('audit_seals')
        .where({ seq: 1 + random(length) })
        .delete();
    },
  },
  {
    name: 'delete a row with its seal',
    async run(sql, length, random) {
      const seq = 1 + random(length);
      await eventOf(sql, seq).delete();
      await sql('audit_seals').where({ seq }).delete();
    },
  },
  {
    name: 'delete a row with its seal, and close the gap',
    async run(sql, length, random) {
      const seq = 1 + random(length - 1);
      await eventOf(sql, seq).delete();
      await sql('audit_seals').where({ seq }).delete();
      await moveSeals(sql, seq, -1);
      await sql('audit_chain').update({ head_seq: length - 1 });
    },
  },
  {
    name: 'swap two rows',
    async run(sql, length, random) {
      const [one, other] = twoOf(length, random);
      const [a, b] = [await eventOf(sql, one).first(), await eventOf(sql, other).first()];
      await sql('audit_events')
        .where({ id: a.id })
        .update({ ...b, id: a.id });
      await sql('audit_events')
        .where({ id: b.id })
        .update({ ...a, id: b.id });
    },
  },
  {
    name: 'swap two seals',
    async run(sql, length, random) {
      const [one, other] = twoOf(length, random);
      await sql('audit_seals').where({ seq: one }).update({ seq: -1 });
      await sql('audit_seals').where({ seq: other }).update({ seq: one });
      await sql('audit_seals').where({ seq: -1 }).update({ seq: other });
    },
  },
  {
    name: 'put in a row without a seal',
    async run(sql, length, random) {
      const row = await eventOf(sql, 1 + random(length)).first();
      await sql('audit_events').insert({ ...row, id: `aud_forged${random(1_000_000)}` });
    },
  },
  {
    name: 'put in a row and a seal, and move the rest up',
    async run(sql, length, random) {
      const seq = 1 + random(length);
      const place = { seq, sealed_at: 1 };
      const previous = await sql('audit_seals')
        .where({ seq: seq - 1 })
        .first();
      const row = { ...(await eventOf(sql, seq).first()), id: `aud_forged${random(1_000_000)}` };
      await sql('audit_events').insert(row);
      await moveSeals(sql, seq, 1);
      const hash = sealHash(previous?.hash ?? 'lucy-audit', place, row);
      await sql('audit_seals').insert({ ...place, audit_id: row.id, hash });
      await sql('audit_chain').update({ head_seq: length + 1 });
    },
  },
  {
    name: 'put a seal before the first',
    async run(sql, length, random) {
      const row = await eventOf(sql, 1 + random(length)).first();
      await sql('audit_events').insert({ ...row, id: 'aud_forged' });
      await sql('audit_seals').insert({ seq: -random(5), audit_id: 'aud_forged', hash: 'x', sealed_at: 1 });
    },
  },
  {
    name: 'rewrite a seal',
    async run(sql, length, random) {
      const patches = [
        { hash: 'f'.repeat(64) },
        { sealed_at: random(1_000_000) },
        { audit_id: 'aud_nobody' },
      ];
      await sql('audit_seals')
        .where({ seq: 1 + random(length) })
        .update(patches[random(patches.length)] ?? {});
    },
  },
  {
    name: 'edit a row, and seal it anew',
    async run(sql, length, random) {
      const seq = 1 + random(length - 1);
      await eventOf(sql, seq).update({ reason: 'forged' });
      await resealFrom(sql, seq, seq);
    },
  },
  {
    name: 'edit a row, and seal everything after it anew, but the head',
    async run(sql, length, random) {
      const seq = 1 + random(length);
      await eventOf(sql, seq).update({ reason: 'forged' });
      await resealFrom(sql, seq, length);
    },
  },
  {
    name: 'edit a row, and rewrite the whole chain with its head',
    async run(sql, length, random) {
      const seq = 1 + random(length);
      await eventOf(sql, seq).update({ reason: 'forged' });
      await sql('audit_chain').update({ head_hash: await resealFrom(sql, seq, length) });
    },
  },
  {
    name: 'cut the tail of the seals',
    async run(sql, length, random) {
      await sql('audit_seals').where('seq', '>', random(length)).delete();
    },
  },
  {
    name: 'cut the tail, rows and all, and the head with it',
    run: (sql, length, random) => cutTail(sql, random(length)),
  },
  {
    name: 'take the head away',
    async run(sql) {
      await sql('audit_chain').delete();
    },
  },
  {
    name: 'set the head back or forth',
    async run(sql, length, random) {
      await sql('audit_chain').update({ head_seq: random(2) ? length + 1 + random(9) : random(length) });
    },
  },
  {
    name: 'rewrite what was told',
    async run(sql, _length, random) {
      await sql('audit_anchors').update({ hash: String(random(1_000_000)) });
    },
  },
];

function twoOf(length: number, random: (below: number) => number): [number, number] {
  const one = 1 + random(length);
  const other = 1 + ((one + random(length - 1)) % length);
  return [one, other];
}

/** Cuts everything after this seal without a trace but what was told outside. */
export async function cutTail(sql: Sql, lastSeq: number): Promise<void> {
  await sql('audit_events')
    .whereIn('id', sql('audit_seals').where('seq', '>', lastSeq).select('audit_id'))
    .delete();
  await sql('audit_seals').where('seq', '>', lastSeq).delete();
  const last = await sql('audit_seals').where({ seq: lastSeq }).first();
  await sql('audit_chain').update({ head_seq: lastSeq, head_hash: last?.hash ?? 'lucy-audit' });
}

/** Gives every seal from here on another place; by way of negative ones, because two may never have the same. */
async function moveSeals(sql: Sql, first: number, by: number): Promise<void> {
  await sql('audit_seals')
    .where('seq', '>=', first)
    .update({ seq: sql.raw('- seq - ?', [by]) });
  await sql('audit_seals')
    .where('seq', '<', 0)
    .update({ seq: sql.raw('- seq') });
}

/** Seals these rows anew, as somebody would who knows how; returns the last hash. */
export async function resealFrom(sql: Sql, first: number, last: number): Promise<string> {
  const before = await sql('audit_seals')
    .where({ seq: first - 1 })
    .first();
  let hash: string = before?.hash ?? 'lucy-audit';
  const links = await listSealedAfter(sql, first - 1, last - first + 1);
  const seals = links.map(({ seal, event }) => {
    hash = event ? sealHash(hash, seal, event) : hash;
    return { ...seal, hash };
  });
  await sql('audit_seals').whereBetween('seq', [first, last]).delete();
  await sql('audit_seals').insert(seals);
  return hash;
}
