import { fileURLToPath } from 'node:url';
import type { ErrorEvent } from '@sentry/node';
import { clamp, defang } from '#src/core/text.ts';
import { withoutQuotes, withoutSecrets } from '#src/core/without-secrets.ts';

const MESSAGE_MAX = 500;
const FRAMES_MAX = 50;

/** Where this checkout stands is nobody’s business, and differs from machine to machine. */
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What an error says, without what a person wrote, a key or an address. */
export function errorWords(text: string): string {
  return clamp(defang(withoutSecrets(withoutQuotes(text))), MESSAGE_MAX);
}

/**
 * What leaves for Sentry, by an allow-list (reliability: redaction by allow-list): the type, the scrubbed message and the
 * places in our code. No request, user, breadcrumb, context, host name, module list or value of a variable, whatever the
 * SDK or an error object brought along.
 */
export function bareEvent(event: ErrorEvent): ErrorEvent {
  const { event_id, timestamp, platform, level, environment, release, sdk, fingerprint } = event;
  const values = (event.exception?.values ?? []).map((exception) => ({
    type: clamp(defang(exception.type ?? 'Error'), 80),
    value: errorWords(exception.value ?? ''),
    ...(exception.mechanism
      ? { mechanism: { type: exception.mechanism.type, handled: exception.mechanism.handled ?? true } }
      : {}),
    stacktrace: { frames: (exception.stacktrace?.frames ?? []).slice(-FRAMES_MAX).map(bareFrame) },
  }));
  const kept = { event_id, timestamp, platform, level, environment, release, fingerprint };
  return {
    type: undefined,
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    ...(sdk ? { sdk: { name: sdk.name ?? '', version: sdk.version ?? '' } } : {}),
    tags: event.tags ?? {},
    extra: event.extra ?? {},
    exception: { values },
  };
}

type Frame = NonNullable<
  NonNullable<NonNullable<NonNullable<ErrorEvent['exception']>['values']>[number]['stacktrace']>['frames']
>[number];

function bareFrame({ filename, function: name, lineno, colno, in_app }: Frame): Frame {
  return {
    ...(filename === undefined
      ? {}
      : { filename: filename.replace('file://', '').replace(root, 'app:///').replace(/\?.*$/, '') }),
    ...(name === undefined ? {} : { function: name }),
    ...(lineno === undefined ? {} : { lineno }),
    ...(colno === undefined ? {} : { colno }),
    ...(in_app === undefined ? {} : { in_app }),
  };
}
