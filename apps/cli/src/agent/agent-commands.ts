import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HostLaunchType } from '#libs/ecs/messages';
import { AGENT_DOCTOR_HELP, AGENT_HELP, DRAIN_HELP, JOIN_HELP, LEAVE_HELP, TOKEN_HELP } from '../help.ts';
import type { CommandContext, GlobalOptions } from '../shell/command-context.ts';
import type { ExitCode } from '../shell/exit-codes.ts';
import type { DrainOptions } from './drain.command.ts';
import type { JoinOptions } from './join.command.ts';
import type { LeaveOptions } from './leave.command.ts';
import type { TokenOptions } from './token.command.ts';

/** HOST_LAUNCH_TYPES, whose lib would cost every command line its start-up. */
const LAUNCH_TYPES: readonly HostLaunchType[] = ['EC2', 'EXTERNAL', 'FARGATE'];
const CLUSTER_OPTION = ['--cluster <name>', 'the cluster', 'default'] as const;

/** `waybill agent …`: hosts that join, what they lack, and how they leave. */
export function addAgentCommands(
  program: Command,
  { terminal, env }: CommandContext,
  done: (code: ExitCode) => void,
): void {
  const agent = program
    .command('agent')
    .summary('hosts: join, drain, leave, examine')
    .description('Second and further hosts of a cluster, and what a host lacks.')
    .addHelpText('after', AGENT_HELP);

  agent
    .command('doctor')
    .summary('what this host lacks')
    .description('What a host needs for what tasks may ask for, what of it is missing here, and what to do.')
    .option('--json', 'the same as -o json')
    .addHelpText('after', AGENT_DOCTOR_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { json?: boolean }>();
      const { doctor } = await import('./doctor/doctor.command.ts');
      done(await doctor({ ...options, output: options.json === true ? 'json' : options.output }, terminal, env));
    });

  agent
    .command('token')
    .summary('a word by which one new host joins')
    .description('Makes a join token for one host. Runs where `waybill up --listen …` runs.')
    .option(...CLUSTER_OPTION)
    .addOption(new Option('--launch-types <list>', `some of ${LAUNCH_TYPES.join(',')}`).argParser(launchTypesOf))
    .option('--name <host>', 'what the host is called in `waybill agent list`')
    .option('--expires <duration>', 'how long it is good for joining: 30m, 1h, 2d', '1h')
    .option('--address <host>', 'name or address of this machine as the new host knows it')
    .addHelpText('after', TOKEN_HELP)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<TokenOptions>();
      const { token } = await import('./token.command.ts');
      done(await token(options, terminal, env));
    });

  agent
    .command('list')
    .summary('hosts that were given a token')
    .description('Which hosts were given a token, which have joined, and how they are.')
    .action(async (_options, command: Command) => {
      const { list } = await import('./list.command.ts');
      done(await list(command.optsWithGlobals<GlobalOptions>(), terminal, env));
    });

  agent
    .command('revoke')
    .summary('shut a host out')
    .description('Takes the token and the NATS users of a host away. Its containers run on without an agent.')
    .argument('<instance>', 'its container instance id, or the name that its token was made for')
    .action(async (instance: string, _options, command: Command) => {
      const { revoke } = await import('./list.command.ts');
      done(await revoke(instance, command.optsWithGlobals<GlobalOptions>(), terminal, env));
    });

  agent
    .command('join')
    .summary('make this machine a host')
    .description('Joins the cluster of a token and runs the agent: in the foreground, or as a systemd unit.')
    .argument(
      '[token]',
      'what `waybill agent token` printed; without one, the agent of a machine that has joined runs again',
    )
    .addOption(new Option('--pool <name>', 'take Fargate tasks alone').choices(['fargate']))
    .option('--systemd', 'install and start waybill-agent.service instead')
    .option('--yes', 'install the package docker.io where no container engine answers (root, Debian)')
    .option('--json', 'one JSON object a line instead of text')
    .addHelpText('after', JOIN_HELP)
    .action(async (token: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & Partial<JoinOptions>>();
      const { join } = await import('./join.command.ts');
      done(await join(token, { ...options, json: options.json === true || options.output === 'json' }, terminal, env));
    });

  agent
    .command('leave')
    .summary('this machine is no host any more')
    .description('Drains this host, deregisters its container instance and removes its credentials and containers.')
    .option('--timeout <duration>', 'how long its tasks may take to go', '10m')
    .option('--force', 'give up what still runs here')
    .addHelpText('after', LEAVE_HELP)
    .action(async (_options, command: Command) => {
      const { leave } = await import('./leave.command.ts');
      done(await leave(command.optsWithGlobals<LeaveOptions>(), terminal, env));
    });

  agent
    .command('drain')
    .summary('no new tasks for a container instance')
    .description('Sets a container instance DRAINING: services move their tasks, standalone tasks run to their end.')
    .argument('[instance]', 'its id (default: the one of this machine)')
    .option(...CLUSTER_OPTION)
    .option('--wait', 'until no task is left')
    .option('--timeout <duration>', 'how long to wait', '10m')
    .addHelpText('after', DRAIN_HELP)
    .action(async (instance: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<DrainOptions>();
      const { drain } = await import('./drain.command.ts');
      done(await drain(instance, options, terminal, env));
    });
}

function launchTypesOf(text: string): readonly HostLaunchType[] {
  return text.split(',').map((part) => {
    const found = LAUNCH_TYPES.find((launchType) => launchType === part.trim().toUpperCase());
    if (found === undefined) throw new InvalidArgumentError(`It takes some of ${LAUNCH_TYPES.join(',')}.`);
    return found;
  });
}
