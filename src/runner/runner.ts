import type { Database } from '#db/connection.ts';
import type { Actor, Surface } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { defang } from '#src/core/text.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { noTelemetry, type Telemetry } from '#src/gateways/telemetry.ts';
import { type Render, renderHere } from '#src/rendering/render.ts';
import type { Follow } from '#src/replies/progress.ts';
import type { Command, CommandContext } from './define-command.ts';

/** What the one road needs; built once, at wiring. */
export type Runner = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  mode: BillingMode;
  stripe: StripeGateway | null;
  commands: readonly Command[];
  /** Left out where nothing of it is set up. */
  telemetry?: Telemetry;
  /** Left out where pictures and documents are made by this process itself. */
  render?: Render;
  /** Carries on what a command began, for a surface that stays with it. */
  follow?: Follow;
};

/** One request of a person to run one command, whatever surface it came through. */
export type Request = {
  command: Command;
  /** Input names to what was typed. */
  raw: Record<string, unknown>;
  actor: Actor;
  surface: Surface;
  correlationId: string;
  /** The Slack delivery or the script's own key: the same key is the same run. */
  key: string | null;
  progress?: CommandContext['progress'];
  /** Where to answer, kept with the run. */
  origin?: unknown;
};

export function causeOf(runner: Runner, request: Request, runId: string | null): Cause {
  const spoken = (name: string) => {
    const value = request.raw[name];
    return (typeof value === 'string' && defang(value).trim()) || null;
  };
  return {
    actor: request.actor,
    surface: request.surface,
    correlationId: request.correlationId,
    reason: spoken('reason') ?? spoken(reasonInput(request.command)),
    ticket: spoken('ticket'),
    runId,
    now: runner.clock.now(),
  };
}

/** The name of the input that says why. */
export function reasonInput(command: Command): string {
  return (command.effect !== 'reads' && command.reasonFrom) || 'reason';
}

export function contextOf(
  runner: Runner,
  cause: Cause,
  sql: CommandContext['sql'] = runner.database.knex,
): CommandContext {
  return {
    sql,
    settings: runner.settings,
    mode: runner.mode,
    cause,
    stripe: runner.stripe,
    commands: runner.commands,
    telemetry: runner.telemetry ?? noTelemetry,
    render: runner.render ?? renderHere,
  };
}
