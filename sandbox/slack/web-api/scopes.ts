/** Scopes that the token has unless a test says otherwise. Not among them: `chat:write.public`. */
export const defaultScopes: readonly string[] = [
  'app_mentions:read',
  'channels:join',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'usergroups:read',
  'users:read',
  'users:read.email',
];
