import {
  auditorUser,
  credentialsOf,
  readNatsCredentials,
  readNatsServerState,
  readRootAccessKey,
  rootUser,
} from '#libs/platform';
import { readEndpoint } from '../home/endpoint-file.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import type { Terminal } from '../shell/terminal.ts';
import { settingsWith } from '../up/up-settings.ts';
import { shellLines, type ShellName } from './shell-lines.ts';

/** `waybill env`: what AWS tools and the `nats` CLI need, as lines for a shell. Also while Waybill is stopped. */
export async function env(
  options: { readonly home?: string; readonly shell: ShellName },
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { home } = settingsWith(options.home, environment);
  const [endpoint, credentials, server] = await Promise.all([
    readEndpoint(home),
    readNatsCredentials(home),
    readNatsServerState(home),
  ]);
  if (endpoint === null || credentials === null) {
    throw new CliProblem(
      `${home} has never run Waybill: start it with npm start, or name another data folder with --home`,
      EXIT.unreachable,
    );
  }
  const key = await readRootAccessKey(home);
  const nats = credentialsOf(credentials, rootUser().name);
  const auditor = credentialsOf(credentials, auditorUser().name);
  terminal.out(
    shellLines(options.shell, {
      AWS_ENDPOINT_URL: endpoint.endpoint,
      AWS_REGION: endpoint.region,
      AWS_DEFAULT_REGION: endpoint.region,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      NATS_URL: endpoint.natsUrl,
      NATS_USER: nats.user,
      NATS_PASSWORD: nats.password,
      NATS_AUDITOR_USER: auditor.user,
      NATS_AUDITOR_PASSWORD: auditor.password,
    }),
  );
  // On stderr: `eval "$(waybill env)"` must not stumble over it.
  if (server === null) terminal.err(`waybill: nothing runs in ${home} now; start it with npm start`);
  return EXIT.ok;
}
