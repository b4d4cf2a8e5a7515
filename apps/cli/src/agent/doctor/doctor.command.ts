import { EXIT, type ExitCode } from '../../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../../shell/output.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { settingsWith } from '../../up/up-settings.ts';
import { type CheckReport, examineHost } from './checks.ts';
import type { CheckState } from './host-check.ts';
import { hostProbe } from './host-probe.ts';

const STATE_WORDS: Readonly<Record<CheckState, string>> = {
  ok: 'OK',
  missing: 'missing',
  fatal: 'NO TASK RUNS',
  unknown: '?',
};

/** `waybill agent doctor`: what this host lacks for what tasks may ask for. */
export async function doctor(
  options: { readonly home?: string; readonly output: OutputFormat },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { home } = settingsWith(options.home, env);
  const checks = await examineHost(await hostProbe(home, env));
  const isFit = checks.every(({ state }) => state !== 'fatal');
  writeAnswer(terminal, options.output, { json: () => ({ ok: isFit, checks }), table: () => doctorText(checks) });
  return isFit ? EXIT.ok : EXIT.no;
}

/** The table, and below it what to do, for people. */
export function doctorText(checks: readonly CheckReport[]): string {
  const table = tableText(
    ['check', 'state', 'found'],
    checks.map(({ check, state, found }) => [check, STATE_WORDS[state], found]),
  );
  const lacking = checks.filter(({ state }) => state === 'missing' || state === 'fatal');
  if (lacking.length === 0) return `${table}\n\nnothing is missing`;
  const lines = lacking.flatMap(({ check, needs, remedy }) => [`${check}: needed for ${needs}`, `  ${remedy}`]);
  return [table, '', ...lines].join('\n');
}
