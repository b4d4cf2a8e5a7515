import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FileDamaged, productVersion } from '#libs/platform';
import { addAgentCommands } from './agent/agent-commands.ts';
import { PICTURE_NAMES } from './at/picture.ts';
import { SHELL_NAMES, type ShellName } from './env/shell-lines.ts';
import { withoutDashOfRelativeTimes } from './shell/arguments.ts';
import { CliProblem } from './shell/cli-problem.ts';
import { EXIT, type ExitCode } from './shell/exit-codes.ts';
import {
  AT_HELP,
  CLEAN_HELP,
  DOCTOR_HELP,
  ENV_HELP,
  HISTORY_HELP,
  PROGRAM_HELP,
  REPLAY_HELP,
  STATUS_HELP,
  UP_HELP,
} from './help.ts';
import { OUTPUT_FORMATS } from './shell/output.ts';
import type { CommandContext, GlobalOptions } from './shell/command-context.ts';

/**
 * Runs one command line and returns its exit code; an expected end is one line on stderr.
 * @param argv without node and script
 */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = buildProgram(context, (code) => (exitCode = code));
  try {
    await program.parseAsync([...withoutDashOfRelativeTimes(argv)], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has written its own line already; help and version end here too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const problem = asProblem(error);
    context.terminal.err([`waybill: ${problem.message}`, ...problem.details.map((line) => `  ${line}`)].join('\n'));
    return problem.exitCode;
  }
}

/** An expected end as such; so is what the operating system refuses. @throws anything else, which is a defect */
function asProblem(error: unknown): CliProblem {
  if (error instanceof CliProblem) return error;
  if (error instanceof FileDamaged) return new CliProblem(error.message);
  if (error instanceof Error && 'syscall' in error && 'code' in error) return new CliProblem(error.message);
  throw error;
}

/** Every command loads its own modules when it runs: `waybill env` must not wait for the deciders. */
function buildProgram({ terminal, env, nowMs }: CommandContext, done: (code: ExitCode) => void): Command {
  const program = new Command('waybill')
    .description('A container orchestrator whose append-only log is the truth. It speaks the Amazon ECS API and NATS.')
    .version(productVersion())
    .option('--home <dir>', 'data folder (default: WAYBILL_HOME, else .waybill in the clone)')
    .addOption(
      new Option('-o, --output <format>', 'table for people, json for scripts: its members stay as they are')
        .choices(OUTPUT_FORMATS)
        .default('table'),
    )
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: (text, write) => write(`waybill: ${text.replace(/^error: /, '')}`),
    })
    .addHelpText('after', PROGRAM_HELP);

  program
    .command('up')
    .summary('run everything on this machine, in the foreground')
    .description('Runs nats-server, the control plane and an agent for the local Docker engine until Ctrl-C.')
    .option('--port <number>', 'HTTP port of the API; 0 = any free one (default: WAYBILL_PORT, else 8420)')
    .option('--cluster <name>', 'cluster that this machine joins (default: WAYBILL_CLUSTER, else default)')
    .option(
      '--listen <address>',
      'address of this machine by which other hosts reach NATS, e.g. 192.0.2.10:4222 (default: WAYBILL_NATS_LISTEN, else loopback)',
    )
    .option('--no-agent', 'start no agent: this machine runs no containers')
    .option('--json', 'one JSON object a line instead of text')
    .addHelpText('after', UP_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & UpFlags>();
      const { up } = await import('./up/up.command.ts');
      done(await up({ ...options, json: options.json === true || options.output === 'json' }, terminal, env));
    });

  program
    .command('env')
    .summary('shell lines that point AWS tools and the nats CLI here')
    .description(
      'Prints the endpoint of each served service, AWS_REGION, the root access key, and NATS_URL with its user.',
    )
    .option('--all', 'also AWS_ENDPOINT_URL, which directs every AWS service here')
    .option('--unset', 'remove these variables from the shell again')
    .addOption(new Option('--shell <name>', 'what the lines are written for').choices(SHELL_NAMES).default('sh'))
    .addHelpText('after', ENV_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & EnvFlags>();
      const { env: printEnv } = await import('./env/env.command.ts');
      done(await printEnv(options, terminal, env));
    });

  program
    .command('status')
    .summary('is it ready, and what runs')
    .description('Readiness, clusters, container instances, services, and the end of the log.')
    .addHelpText('after', STATUS_HELP)
    .action(async (_options, command: Command) => {
      const { status } = await import('./status/status.command.ts');
      done(await status(command.optsWithGlobals<GlobalOptions>(), terminal, env));
    });

  program
    .command('clean')
    .summary('remove the containers of data folders that are gone')
    .description(
      'Lists and removes containers on this machine whose data folder was deleted: no agent looks after them.',
    )
    .option('--dry-run', 'only list them')
    .addHelpText('after', CLEAN_HELP)
    .action(async (_options, command: Command) => {
      const { clean } = await import('./clean/clean.command.ts');
      done(await clean(command.optsWithGlobals<GlobalOptions & { dryRun?: boolean }>(), terminal));
    });

  program
    .command('history')
    .summary('every event that touched something')
    .description(
      'Who did what to a task, service, deployment, cluster, container instance or task definition, when and why.',
    )
    .argument('<arn|name>', 'an ARN, an id or its beginning, a service or cluster name, family:revision, or ecs-svc/…')
    .addOption(new Option('--type <events>', 'only events of these types, comma-separated').argParser(commaSeparated))
    .addOption(new Option('--limit <count>', 'only the newest ones').argParser(positiveInteger))
    .addHelpText('after', HISTORY_HELP)
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { type?: readonly string[]; limit?: number }>();
      const { history } = await import('./history/history.command.ts');
      done(await history(name, options, terminal, env));
    });

  program
    .command('at')
    .summary('the cluster as it was')
    .description('Folds the log up to a revision or a moment and shows what was there.')
    .argument('<revision|time>', 'a revision of the cluster, or a moment: ISO 8601, 14:03, -10m, 2d')
    .addArgument(new Argument('<kind>', 'what to show').choices(PICTURE_NAMES))
    .option('--cluster <name>', 'one cluster (default: default for a revision, all for a moment)')
    .option('--all', 'also what had ended by then and was still described')
    .addHelpText('after', AT_HELP)
    .action(async (point: string, kind: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { cluster?: string; all?: boolean }>();
      const { at } = await import('./at/at.command.ts');
      done(await at(point, kind, options, { terminal, env, nowMs }));
    });

  program
    .command('doctor')
    .summary('examine the log, and repair it')
    .description(
      'Reports messages that are not commits and commits that are damaged or lost, and what to do about them.',
    )
    .option('--repair', 'take out what is not a commit; Waybill must be stopped')
    .option('--store <dir>', 'the store_dir of a stopped nats-server, where Waybill does not run its own')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { repair?: boolean; store?: string }>();
      const { doctor } = await import('./doctor/doctor.command.ts');
      done(await doctor(options, { terminal, env, nowMs }));
    });

  program
    .command('replay')
    .summary('fold the log from the start and check it')
    .description('Checks every link of the log, and with --verify that it folds to the live state and views.')
    .option('--verify', 'compare with the running control plane')
    .option('--shard <name>', 'one shard only, e.g. ecs.000000000000.default')
    .addHelpText('after', REPLAY_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { verify?: boolean; shard?: string }>();
      const { replayCommand } = await import('./replay/replay.command.ts');
      done(await replayCommand(options, terminal, env));
    });

  addAgentCommands(program, { terminal, env, nowMs }, done);
  return program;
}

interface EnvFlags {
  readonly shell: ShellName;
  readonly all?: boolean;
  readonly unset?: boolean;
}

interface UpFlags {
  readonly port?: string;
  readonly cluster?: string;
  readonly listen?: string;
  readonly agent: boolean;
  readonly json?: boolean;
}

function commaSeparated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').filter((part) => part !== '')];
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}
