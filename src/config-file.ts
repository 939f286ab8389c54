import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { commands } from '#commands/index.ts';
import { crossChecks, type Settings, settingsSchema } from '#src/core/settings.ts';
import { policyProblems } from '#src/policy/policy-problems.ts';
import { sampleSettings } from './sample-settings.ts';

/** What became of `lucy.config.yml`: settings, with a warning when there was no file, or every problem in it. */
export type SettingsResult =
  | { settings: Settings; warning: string | null; problems: [] }
  | { settings: null; warning: null; problems: string[] };

/** Reads and checks the settings; each problem names the path inside the file (DESIGN section 9: config file). */
export function readSettings(file: { path: string; isExplicit: boolean }): SettingsResult {
  let text: string;
  try {
    text = readFileSync(file.path, 'utf8');
  } catch {
    if (file.isExplicit)
      return failed([`LUCY_CONFIG names ${file.path}, which cannot be read. Correct the path, or unset it.`]);
    return {
      settings: sampleSettings,
      warning: `There is no ${file.path}: Lucy starts with sample tiers and no Slack roles, so nobody in Slack may do anything yet. Copy lucy.config.sample.yml to ${file.path} and edit it.`,
      problems: [],
    };
  }
  return checkSettings(text, file.path);
}

export function checkSettings(text: string, path: string): SettingsResult {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) return failed(document.errors.map((error) => `${path}: ${error.message}`));
  const parsed = settingsSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    return failed(parsed.error.issues.map((issue) => `${path}: ${pathText(issue.path)}: ${issue.message}`));
  }
  const problems = [...crossChecks(parsed.data), ...policyProblems(parsed.data, commands)];
  if (problems.length > 0) return failed(problems.map(([where, message]) => `${path}: ${where}: ${message}`));
  return { settings: parsed.data, warning: null, problems: [] };
}

function failed(problems: string[]): SettingsResult {
  return { settings: null, warning: null, problems };
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i ? '.' : ''}${String(part)}`))
    .join('');
}

/** Every problem of the file, one a line, ready for stderr. */
export function explainSettingsProblems(problems: readonly string[]): string {
  return `Lucy cannot start: the settings have problems.\n\n${problems.map((line) => `  ${line}`).join('\n')}\n\nlucy.config.sample.yml shows every setting.\n`;
}
