import { expect, test } from 'vitest';
import { type FormTree, parseForm } from '#sandbox/stripe/http/form.ts';

test.for<[string, unknown]>([
  ['email=a%40b.c&name=A+B', { email: 'a@b.c', name: 'A B' }],
  ['items[0][price]=p&items[0][quantity]=2', { items: { 0: { price: 'p', quantity: '2' } } }],
  ['expand[]=a&expand[]=b', { expand: { 0: 'a', 1: 'b' } }],
  ['metadata[a%5Bb]=x', { 'metadata[a[b]': 'x' }],
  ['created[gte]=1&created[lt]=2', { created: { gte: '1', lt: '2' } }],
  ['pause_collection=', { pause_collection: '' }],
  ['', {}],
])('reads %s', ([text, tree]) => {
  expect(JSON.parse(JSON.stringify(parseForm(text)))).toEqual(tree);
});

test('a field named like the prototype is only a field', () => {
  const tree: FormTree = parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1');
  expect(Object.keys(tree)).toEqual(['__proto__', 'constructor']);
  expect({}).not.toHaveProperty('polluted');
});
