import { type Settings, settingsSchema } from '#src/core/settings.ts';

/** Sam asks at the terminal, Bea and Bo approve there; everything needs an approval, and nobody has to wait first. */
export const raceSettings: Settings = settingsSchema.parse({
  people: {
    sam: { name: 'Sam', terminal: 'sam', slack: 'U0SAM00001', roles: ['support'] },
    bea: { name: 'Bea', terminal: 'bea', slack: 'U0BEA00001', roles: ['billing'] },
    bo: { name: 'Bo', terminal: 'bo', roles: ['billing'] },
    olu: { name: 'Olu', terminal: 'olu', roles: ['oncall'] },
    ada: { name: 'Ada', terminal: 'ada', slack: 'U0ADA00001', roles: ['admin'] },
  },
  policy: {
    'credits grant': { steps: [{ approvers: { role: 'billing' } }] },
  },
  approvals: { dwell: '0s' },
});
