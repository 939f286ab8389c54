import type { CustomerName } from './product-customers.ts';
import type { SpendQuestion } from './spend-batch-shapes.ts';

/** How customers are named in a batch, each name once; `place` is where, in the order of the first question about it. */
export type NamesAsked = {
  names: readonly { kind: string; name: string }[];
  /** For each question, the place of its name. */
  placeOf: readonly number[];
};

/** A customer’s calls come in flocks, and what is asked once is looked up once. */
export function namesAsked(questions: readonly Pick<SpendQuestion, 'who'>[]): NamesAsked {
  const names: { kind: string; name: string }[] = [];
  const places = new Map<string, number>();
  const placeOf = questions.map(({ who }) => {
    const asked = kindAndName(who);
    const mark = `${asked.kind}:${asked.name}`;
    const known = places.get(mark);
    if (known !== undefined) return known;
    places.set(mark, names.length);
    return names.push(asked) - 1;
  });
  return { names, placeOf };
}

/** Its only field; a loop, because a list of lists is made for nothing where every spend passes. */
function kindAndName(who: CustomerName): { kind: string; name: string } {
  for (const kind in who) return { kind, name: who[kind as keyof CustomerName] };
  return { kind: '', name: '' };
}
