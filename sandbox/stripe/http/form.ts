/** A form's fields as a tree; `items[0][price]=x` is `{ items: { 0: { price: 'x' } } }`. */
export type FormTree = { [key: string]: FormValue };
export type FormValue = string | FormTree;

/**
 * Reads what Stripe's API takes, in bodies and in query strings: nested brackets, `[]` for the next place.
 * https://docs.stripe.com/api: “form-encoded request bodies”
 */
export function parseForm(text: string): FormTree {
  const tree = emptyTree();
  for (const [name, value] of new URLSearchParams(text)) put(tree, pathOf(name), value);
  return tree;
}

function pathOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return [name];
  const inner = match[2] ?? '';
  return [match[1] ?? name, ...Array.from(inner.matchAll(/\[([^[\]]*)\]/g), (part) => part[1] ?? '')];
}

function put(tree: FormTree, path: string[], value: string): void {
  let at = tree;
  path.forEach((step, index) => {
    const key = step === '' && index > 0 ? String(Object.keys(at).length) : step;
    if (index === path.length - 1) {
      at[key] = value;
      return;
    }
    const next = at[key];
    const inner = typeof next === 'object' ? next : emptyTree();
    at[key] = inner;
    at = inner;
  });
}

/** Without a prototype, so that a field named `__proto__` is a field like any other. */
function emptyTree(): FormTree {
  return Object.create(null);
}
