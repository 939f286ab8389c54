import { listed } from '#src/core/text.ts';
import type { ApiRoute } from './define-route.ts';
import { ApiProblem } from './problem.ts';

/** The route of this method and path, with what stands for `:id`. Throws 404 or 405. */
export function findRoute(
  routes: readonly ApiRoute[],
  method: string,
  pathname: string,
): { route: ApiRoute; id: string } {
  const onPath = onPathOf(routes, pathname);
  const found = onPath.find(({ route }) => route.method === method);
  if (found) {
    assertId(found.route, found.id);
    return found;
  }
  if (onPath.length === 0)
    throw new ApiProblem(
      404,
      'not_found',
      `There is nothing at ${pathname.slice(0, 200)}.`,
      'GET /api/openapi.json lists what there is.',
    );
  const methods = onPath.map(({ route }) => route.method);
  throw new ApiProblem(
    405,
    'method_not_allowed',
    `${method} is not possible at ${pathname.slice(0, 200)}.`,
    `Use ${listed(methods)}.`,
    { headers: { allow: methods.join(', ') } },
  );
}

/** Most paths name nobody: those are found without being taken apart. */
function onPathOf(routes: readonly ApiRoute[], pathname: string): { route: ApiRoute; id: string }[] {
  const own = routes.filter(({ path }) => path === pathname);
  if (own.length > 0) return own.map((route) => ({ route, id: '' }));
  return routes.flatMap((route) => {
    const id = matchPath(route.path, pathname);
    return id === null ? [] : [{ route, id }];
  });
}

/** What stands for `:id`, '' when the path has none, or null when it is another path. */
function matchPath(path: string, pathname: string): string | null {
  const wanted = path.split('/');
  const parts = pathname.split('/');
  if (wanted.length !== parts.length) return null;
  let id = '';
  for (const [index, part] of parts.entries()) {
    if (wanted[index] === ':id') id = decode(part);
    else if (wanted[index] !== part) return null;
  }
  return id;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function assertId(route: ApiRoute, id: string): void {
  const parsed = route.id?.safeParse(id);
  if (!parsed || parsed.success) return;
  throw new ApiProblem(
    400,
    'invalid',
    `The id in the path ${parsed.error.issues[0]?.message}.`,
    `The path is ${route.path}; special characters are written as %XX.`,
  );
}
