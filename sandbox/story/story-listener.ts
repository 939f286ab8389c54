import { z } from 'zod';
import { sendJson } from '../page/page-headers.ts';
import type { Listener } from '../page/page-parts.ts';
import { readBody } from '../stripe/http/read-body.ts';
import type { StoryTeller } from './create-story.ts';
import { storyActs } from './story-contract.ts';

const actBody = z.object({ act: z.enum(storyActs) });

/** Answers GET /story and POST /story { act } for the sandbox’s page, whose own guard has looked at who asks. */
export function storyListener(story: StoryTeller): Listener {
  return async (request, response) => {
    if (request.method === 'GET') return sendJson(response, 200, await story.read());
    if (request.method !== 'POST')
      return sendJson(response, 405, { ok: false, error: 'Only GET and POST work here.' });
    const body = await readBody(request, 1_024);
    const asked = actBody.safeParse(body === null ? null : JSON.parse(body));
    if (!asked.success)
      return sendJson(response, 400, { ok: false, error: 'The story knows start, play and stop.' });
    await story.act(asked.data.act);
    sendJson(response, 200, { ok: true, said: (await story.read()).says });
  };
}
