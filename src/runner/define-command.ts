import type { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import type { Telemetry } from '#src/gateways/telemetry.ts';
import type { Allowed } from '#src/policy/authorise.ts';
import type { Measures } from '#src/policy/measures.ts';
import type { Render } from '#src/rendering/render.ts';
import type { Change, Fact, Reply, ReplyButton, ReplyFile } from '#src/replies/reply.ts';
import { reasonField } from './fields.ts';

/** What a command may use. In `execute`, `sql` is the transaction that also writes the audit row and the message. */
export type CommandContext = {
  sql: Sql;
  settings: Settings;
  mode: BillingMode;
  cause: Cause;
  /** Absent in a terminal without a Stripe key. */
  stripe: StripeGateway | null;
  /** The log index and Sentry. */
  telemetry: Telemetry;
  /** Makes pictures and documents, where it keeps nobody waiting. */
  render: Render;
  /** All commands, for help, undo and mistyped verbs. */
  commands: readonly Command[];
  /** Says how far something long is, where the surface can show it. */
  progress?: (sentence: string) => void;
};

/** What would happen: printed, it is the preview, the `--dry-run` and the approval card. Making it writes nothing. */
export type Plan<D> = {
  /** A sentence in the future: “Grant 100 credits to sofia@firm.com”. */
  title: string;
  customerId: string | null;
  changes: Change[];
  facts?: Fact[];
  warnings?: string[];
  /** The verb on the button: “Grant 100 credits”. */
  confirmLabel: string;
  isDanger?: boolean;
  /** What must be the same when the plan is carried out; else Lucy shows the difference and asks anew. */
  basis: unknown;
  /** How much it is, for the limits of the policy. */
  measures?: Measures;
  /** Shown with the preview to whoever asked, such as a document that would be sent; not kept with the run. */
  file?: ReplyFile;
  /** What somebody may rather want to do, as buttons beside the confirmation. */
  instead?: ReplyButton[];
  /** A lookup that shows what fits on no card, such as a document: whoever approves gets a button for it. */
  look?: { label: string; line: string };
  /** The command whose policy holds, where it is not this one: an undo is judged as what it does. */
  judgedAs?: string;
  data: D;
};

/** What happened. */
export type Outcome = {
  /** A sentence in the past: “100 credits granted to sofia@firm.com”. */
  title: string;
  customerId: string | null;
  changes: Change[];
  facts?: Fact[];
  before: unknown;
  after: unknown;
  /** The command line that takes it back, and a sentence about it. */
  undo: { line: string | null; sentence: string };
  /** A lookup that shows what came of it, as a button of the receipt. */
  look?: { label: string; line: string };
  /** Lines for the log, written after the commit. */
  logs?: { event: string; action: string; [key: string]: unknown }[];
  json?: Record<string, unknown>;
  /** Effects on Stripe were queued: the run is done only when Stripe confirms them. */
  isOnItsWay?: boolean;
  /** Somebody else's message tells of it already. */
  isQuiet?: boolean;
  /** It wrote into the incident's timeline in words of its own. */
  isInTimeline?: boolean;
  /** What goes on after it, by the key of its card; a terminal carries it and shows how it goes. */
  follow?: string;
  /** Something was written down, but not what was asked for: the reader has to look again. */
  isUnfinished?: boolean;
};

type Base<S extends z.ZodObject> = {
  /** Path and audit name: `credits grant` lives in commands/credits/grant.ts. */
  name: string;
  summary: string;
  /** Without the leading `lucy`. */
  examples: readonly string[];
  allowed: Allowed;
  input: S;
  /** Inputs that may be given without their flag, in order. */
  positionals: readonly (keyof z.infer<S> & string)[];
  /** One of these inputs is needed, though none of them by itself: typed without any, it opens its form. */
  asksFor?: readonly (keyof z.infer<S> & string)[];
  /** The last positional takes all words that are left: `help credits grant`. */
  takesRest?: boolean;
  /**
   * What its form begins with besides what was typed: what stands written already.
   *
   * @throws UserError when the form would be filled in for nothing
   */
  prefill?(raw: Readonly<Record<string, string>>, context: CommandContext): Promise<Record<string, string>>;
  /** What to read before its form is filled in; null when there is nothing to say. */
  beforeForm?(raw: Readonly<Record<string, unknown>>, context: CommandContext): Promise<Reply | null>;
  /** What `policy explain` measures of a typed line, without looking anything up. */
  measure?(input: Partial<z.infer<S>>, now: number): Measures;
  /** The same for a line that names a row of ours, which alone knows how much it is. */
  measureByRows?(raw: Readonly<Record<string, string | undefined>>, sql: Sql): Promise<Measures>;
};

type LookupDefinition<S extends z.ZodObject> = Base<S> & {
  effect: 'reads';
  answer(input: z.infer<S>, context: CommandContext): Promise<Reply>;
};

type ChangeDefinition<S extends z.ZodObject, G, D> = Base<S> & {
  effect: 'reversible' | 'moves value' | 'destructive';
  /** It only marks who does what: a click on a button that names it is its confirmation, and shows no preview. */
  isDoneByClick?: true;
  /** It only writes down what was typed: the line itself is its confirmation, too, and shows no preview. */
  isDoneAtOnce?: true;
  /** The input that says why as well, where asking for a reason besides would only slow people down. */
  reasonFrom?: keyof z.infer<S> & string;
  /** Calls to the outside that the plan rests on; made before any transaction. */
  gather?(input: z.infer<S>, context: CommandContext): Promise<G>;
  plan(input: z.infer<S>, context: CommandContext, gathered: G | undefined): Promise<Plan<D>>;
  execute(plan: Plan<D>, context: CommandContext): Promise<Outcome>;
};

/** A plan with the function that carries out exactly it. */
export type Prepared = { plan: Plan<unknown>; execute(context: CommandContext): Promise<Outcome> };

type CommandFacts = Omit<Base<z.ZodObject>, 'positionals' | 'asksFor'> & {
  positionals: readonly string[];
  asksFor?: readonly string[];
};

export type Lookup = CommandFacts & {
  effect: 'reads';
  answer(raw: unknown, context: CommandContext): Promise<Reply>;
};

export type ChangeCommand = CommandFacts & {
  effect: 'reversible' | 'moves value' | 'destructive';
  reasonFrom?: string;
  isDoneByClick?: true;
  isDoneAtOnce?: true;
  gather(raw: unknown, context: CommandContext): Promise<unknown>;
  prepare(raw: unknown, context: CommandContext, gathered: unknown): Promise<Prepared>;
};

export type Command = Lookup | ChangeCommand;

export function defineLookup<S extends z.ZodObject>(definition: LookupDefinition<S>): Lookup {
  return {
    ...definition,
    answer: (raw, context) => definition.answer(parseInput(definition.input, raw), context),
  };
}

export function defineCommand<S extends z.ZodObject, D, G = never>(
  definition: ChangeDefinition<S, G, D>,
): ChangeCommand {
  const { gather, plan, execute, ...facts } = definition;
  const input = withReason(facts.input, facts.reasonFrom);
  return {
    ...facts,
    gather: async (raw, context) => gather?.(parseInput(input, raw), context),
    async prepare(raw, context, gathered) {
      const planned = await plan(parseInput(input, raw), context, gathered as G | undefined);
      return { plan: planned, execute: (inTransaction) => execute(planned, inTransaction) };
    },
  };
}

/** Where another input says why, a reason may be given besides, and is held to what a reason is. */
function withReason<S extends z.ZodObject>(input: S, reasonFrom: string | undefined): S {
  if (reasonFrom === undefined || 'reason' in input.shape) return input;
  return input.extend({ reason: reasonField.optional() }) as unknown as S;
}

/** Checks raw values against the definition; every problem is named, each under its input. */
export function parseInput<S extends z.ZodObject>(schema: S, raw: unknown): z.infer<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0] ?? '');
    fields[name] ??= issue.message;
  }
  const sentences = Object.entries(fields).map(([name, message]) => (name ? `${name}: ${message}` : message));
  const said = sentences.map((sentence, at) =>
    at < sentences.length - 1 ? sentence.replace(/\.$/, '') : sentence,
  );
  throw new UserError('usage', said.join('; '), 'Correct it and try again.', fields);
}
