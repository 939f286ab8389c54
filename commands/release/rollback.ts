import { z } from 'zod';
import { findOpenRollback, insertRollback, supersedeRollback } from '#db/rollbacks.ts';
import { spanWords } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { listed } from '#src/core/text.ts';
import { causeOfRollback } from '#src/releases/carry-rollback.ts';
import { lastStable, type Release, readReleases } from '#src/releases/stable.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { endRollbackRun } from '#src/runner/end-rollback-run.ts';
import { changeInputs, optionalTextField } from '#src/runner/fields.ts';

/** Playbook, downtime response 2: back to the last stable release, when a deployment triggered it. */
export const releaseRollback = defineCommand({
  name: 'release rollback',
  summary: 'Go back to the last stable release, or to a version that ran before',
  examples: ['release rollback --reason "checkout fails since v1.42.0" --ticket INC-7'],
  allowed: ['oncall'],
  effect: 'destructive',
  input: z.object({
    version: optionalTextField(100, {
      label: 'Version',
      placeholder: 'v1.41.3',
      hint: 'Leave empty for the last one that ran without an incident',
    }),
    ...changeInputs,
  }),
  positionals: ['version'],

  async plan({ version }, { sql, settings, cause: { now } }) {
    if (settings.releases.deploy_hook === undefined) throw noHook();
    const open = await findOpenRollback(sql);
    // One that was told as late may be stuck for good; somebody looked, and a second person agreed.
    const stuck = open?.escalated_at == null ? undefined : open;
    if (open && !stuck)
      throw new UserError(
        'conflict',
        `${open.requested_by}’s rollback to ${open.to_version} is under way.`,
        'Wait until it is reported as deployed; “release list” shows what runs.',
      );
    const releases = await readReleases(sql, settings, now);
    const [present] = releases;
    const target = version === undefined ? lastStable(releases) : findVersion(releases, version);
    if (!present || !target) throw nothingToGoTo(releases, version);
    if (target.version === present.version)
      throw new UserError(
        'conflict',
        `${present.version} is what runs.`,
        'See what ran before: release list',
      );
    return {
      title: `Roll back to ${target.version}`,
      customerId: null,
      changes: [{ label: 'Runs', before: present.version, after: target.version }],
      facts: [
        { label: 'Ran before', value: `${spanWords((target.endedAt ?? now) - target.deployed_at)}, from` },
        { label: 'Deployed', value: { at: target.deployed_at } },
        { label: 'The present one runs since', value: { at: present.deployed_at } },
      ],
      warnings: [
        ...(stuck
          ? [
              `${stuck.requested_by}’s rollback to ${stuck.to_version} was never reported as deployed; this one takes its place. Make sure that it does not happen later.`,
            ]
          : []),
        ...(target.doubt === null
          ? []
          : [`${target.version} is not known to be stable: it ${target.doubt}.`]),
        'What the newer version changed in the product’s database stays: make sure that the older one can live with it.',
      ],
      confirmLabel: `Roll back to ${target.version}`,
      isDanger: true,
      basis: [present.version, target.version, stuck?.id ?? null],
      data: { from: present.version, to: target.version, supersedes: stuck?.id ?? null },
    };
  },

  async execute({ data: { from, to, supersedes }, changes }, { sql, settings, cause }) {
    if (cause.runId === null) throw new Error('A rollback is asked for by a run');
    const { actor, reason, ticket } = cause;
    if (supersedes !== null) {
      const detail = `CI never reported it, and ${actor.name}’s rollback to ${to} takes its place.`;
      const stuck = await supersedeRollback(sql, supersedes, detail, cause.now);
      if (stuck)
        await endRollbackRun(sql, settings, causeOfRollback(stuck, cause.now), stuck, {
          isDone: false,
          detail,
        });
    }
    await insertRollback(sql, {
      id: newId('rbk', cause.now),
      run_id: cause.runId,
      from_version: from,
      to_version: to,
      state: 'queued',
      next_attempt_at: cause.now,
      requested_by: actor.name,
      cause: JSON.stringify({ actor, reason, ticket }),
      correlation_id: cause.correlationId,
      created_at: cause.now,
    });
    return {
      title: `The deploy hook is being asked to roll back to ${to}`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `It counts as done when CI reports ${to} as deployed.` }],
      before: { version: from },
      after: { asked: to },
      undo: { line: null, sentence: `To go forward again, deploy ${from} as always.` },
      logs: [{ event: 'release', action: 'rollback_asked', from, to }],
      json: { from, to },
      isOnItsWay: true,
    };
  },
});

function findVersion(releases: readonly Release[], version: string): Release | undefined {
  return releases.find((release) => release.version === version);
}

function noHook(): UserError {
  return new UserError(
    'unavailable',
    'Lucy has no deploy hook, so she cannot roll back by herself.',
    'Deploy the last stable version as always (“release list” names it), and set releases.deploy_hook in lucy.config.yml.',
  );
}

function nothingToGoTo(releases: readonly Release[], version: string | undefined): UserError {
  if (version === undefined)
    return new UserError(
      'not_found',
      'No earlier release is known to have run long enough without an incident.',
      'Name the version to go back to: release rollback v1.41.3; “release list” shows what was reported.',
    );
  const known = releases.slice(0, 5).map((release) => release.version);
  return new UserError(
    'not_found',
    `No release “${version}” was ever reported.`,
    known.length > 0 ? `There were ${listed(known)}.` : 'CI reports each deployment with POST /api/releases.',
    { version: 'No such release was ever reported.' },
  );
}
