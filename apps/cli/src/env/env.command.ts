import {
  auditorUser,
  followerUser,
  credentialsOf,
  readNatsCredentials,
  readNatsServerState,
  readRootAccessKey,
  rootUser,
} from '#libs/platform';
import { endpointProblem, readEndpoint } from '../home/endpoint-file.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import type { OutputFormat } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { settingsWith } from '../up/up-settings.ts';
import { shellLines, type ShellName, unsetLines } from './shell-lines.ts';
import { environmentVariables, VARIABLE_NAMES } from './variables.ts';

export interface EnvOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly shell: ShellName;
  /** Also the variable that directs every AWS service here. */
  readonly all?: boolean;
  /** Remove what an earlier call has set. */
  readonly unset?: boolean;
}

/** `waybill env`: what AWS tools and the `nats` command need, as lines for a shell. Also while Waybill is stopped. */
export async function env(options: EnvOptions, terminal: Terminal, environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  const { shell, output, all = false, unset = false } = options;
  if (unset) {
    terminal.out(output === 'json' ? JSON.stringify(VARIABLE_NAMES, null, 2) : unsetLines(shell, VARIABLE_NAMES));
    return EXIT.ok;
  }
  const { home } = settingsWith(options.home, environment);
  const [endpoint, credentials, server] = await Promise.all([
    readEndpoint(home),
    readNatsCredentials(home),
    readNatsServerState(home),
  ]);
  if (endpoint === null || credentials === null) throw await endpointProblem(home);
  const key = await readRootAccessKey(home);
  const nats = credentialsOf(credentials, rootUser().name);
  const auditor = credentialsOf(credentials, auditorUser().name);
  const follower = credentialsOf(credentials, followerUser().name);
  const variables = environmentVariables(
    {
      ...endpoint,
      ...key,
      natsUser: nats.user,
      natsPassword: nats.password,
      natsAuditorUser: auditor.user,
      natsAuditorPassword: auditor.password,
      natsFollowerUser: follower.user,
      natsFollowerPassword: follower.password,
    },
    all,
  );
  terminal.out(output === 'json' ? JSON.stringify(variables, null, 2) : shellLines(shell, variables));
  // On stderr: `eval "$(waybill env)"` must not stumble over it.
  if (server === null) terminal.err(`waybill: nothing runs in ${home} now; start it with npm start`);
  return EXIT.ok;
}
