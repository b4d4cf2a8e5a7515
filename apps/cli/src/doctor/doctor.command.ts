import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileWitnessStore, JournalProbe } from '#libs/event-store-jetstream';
import {
  claimNatsHome,
  findNatsServer,
  NatsHomeInUse,
  NatsServerMissing,
  readNatsServerState,
  releaseNatsHome,
} from '#libs/platform';
import { withWaybill } from '../connection/waybill-connection.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, writeAnswer } from '../shell/output.ts';
import { withProgress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { settingsWith } from '../up/up-settings.ts';
import { examine, type Examined } from './examine.ts';
import { type Finding, findingText, remedies } from './findings.ts';
import { examineStore, repair, type RepairOptions } from './repair.ts';
import { finishExchange } from './store-files.ts';

export interface DoctorOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly repair?: boolean;
  /** The store_dir of a nats-server that Waybill does not start itself, and that is stopped. */
  readonly store?: string;
}

/** `waybill doctor -o json`. */
export interface DoctorReport {
  readonly ok: boolean;
  readonly commits: number;
  readonly shards: number;
  readonly findings: readonly (Finding & { readonly text: string })[];
  readonly remedies: readonly string[];
  /** Set by a repair: how many messages were taken out, and where the old store is. */
  readonly repaired: { readonly removed: number; readonly keptStore: string } | null;
}

export interface DoctorContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
}

/** `waybill doctor`: 0 when the log is whole, or was repaired; 1 with what is wrong and what to do. */
export async function doctor(options: DoctorOptions, context: DoctorContext): Promise<ExitCode> {
  const { terminal, env } = context;
  const { home } = settingsWith(options.home, env);
  const isRunning = options.store === undefined && (await runs(home, env));
  if (isRunning && options.repair === true) {
    throw new CliProblem(`Waybill runs: stop it first, since nothing may write while the log is repaired`);
  }
  const show = terminal.isTty && options.output === 'table';
  const report = await withProgress(show, 'reading the log', (progress) =>
    isRunning ? askRunning(options, env, progress) : openStopped(options, home, context, progress),
  );
  writeAnswer(terminal, options.output, { json: () => report, table: () => reportText(report) });
  return report.ok ? EXIT.ok : EXIT.no;
}

/** A local Waybill runs, or the environment names another one. */
async function runs(home: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (env['NATS_URL'] ?? '') !== '' || (await readNatsServerState(home)) !== null;
}

async function askRunning(
  options: DoctorOptions,
  env: NodeJS.ProcessEnv,
  progress: (what: string) => void,
): Promise<DoctorReport> {
  return await withWaybill(options, env, async (connection) => {
    const probe = new JournalProbe(await connection.connectAuditor(), 'auditor');
    const examined = await examine(probe, null, (position) => progress(`position ${position}`));
    return reportOf(examined, null, null);
  });
}

async function openStopped(
  options: DoctorOptions,
  home: string,
  { env, nowMs }: DoctorContext,
  progress: (what: string) => void,
): Promise<DoctorReport> {
  const store = options.store === undefined ? join(home, 'nats') : resolve(options.store);
  const { path: binary } = await findNatsServer(env).catch((error: unknown) => {
    throw error instanceof NatsServerMissing ? new CliProblem(error.message) : error;
  });
  if (options.store !== undefined) return await examineStopped(options, { binary, store, progress, nowMs }, null);
  await claim(home);
  try {
    return await examineStopped(options, { binary, store, progress, nowMs }, await witnessesOf(home));
  } finally {
    await releaseNatsHome(home);
  }
}

/** No other process may start a nats-server there meanwhile. @throws CliProblem */
async function claim(home: string): Promise<void> {
  await claimNatsHome(home).catch((error: unknown) => {
    throw error instanceof NatsHomeInUse ? new CliProblem(error.message) : error;
  });
}

async function examineStopped(
  options: DoctorOptions,
  work: RepairOptions,
  witnesses: FileWitnessStore | null,
): Promise<DoctorReport> {
  const { store, progress } = work;
  await finishExchange(store);
  let report: DoctorReport | null = null;
  await examineStore(work, async (probe) => {
    const examined = await examine(probe, witnesses, (position) => progress(`position ${position}`));
    const isRepairable = examined.findings.length > 0 && examined.findings.every(({ kind }) => kind === 'foreign');
    if (options.repair !== true || !isRepairable) {
      report = reportOf(examined, store, null);
      return;
    }
    const keptStore = await repair(work, probe, examined);
    const repaired = { removed: examined.findings.length, keptStore };
    report = reportOf({ ...examined, findings: [] }, store, repaired);
  });
  if (report === null) throw new Error('the examination ended without a report');
  return report;
}

async function witnessesOf(home: string): Promise<FileWitnessStore> {
  const folder = join(home, 'witness');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await FileWitnessStore.open(join(folder, 'shards.json'));
}

function reportOf(
  { commits, shards, findings }: Examined,
  store: string | null,
  repaired: DoctorReport['repaired'],
): DoctorReport {
  return {
    ok: findings.length === 0,
    commits,
    shards,
    findings: findings.map((finding) => ({ ...finding, text: findingText(finding) })),
    remedies: remedies(findings, store),
    repaired,
  };
}

function reportText({ ok, commits, shards, findings, remedies: lines, repaired }: DoctorReport): string {
  const size = `${commits} commits of ${shards} shards`;
  if (repaired !== null) {
    const { removed, keptStore } = repaired;
    return `repaired: ${removed} message${removed === 1 ? '' : 's'} taken out, ${size} kept byte for byte; the old store is in ${keptStore}`;
  }
  if (ok) return `the log is whole: ${size}`;
  const what = findings.map(({ text }) => text);
  return [...what, '', ...lines.map((line) => `what to do: ${line}`), '', `${findings.length} found in ${size}`].join(
    '\n',
  );
}
