import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import type { Terminal } from '../shell/terminal.ts';
import { LocalStack, type StartedStack } from './local-stack.ts';
import { untilSignalled } from './stop-signals.ts';
import { type UpReporter, upReporter } from './up-report.ts';
import { withProgress } from '../shell/progress.ts';
import { type UpOptions, type UpSettings, upSettings } from './up-settings.ts';

/** `waybill up`: everything on this machine, in the foreground, until a signal says stop. */
export async function up(
  options: UpOptions & { readonly json: boolean },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const startedMs = performance.now();
  const wanted = upSettings(options, env);
  const reporter = upReporter(terminal, options.json);
  const stack = new LocalStack(wanted, env, reporter);
  const stopAsked = untilSignalled(reporter, () => stack.kill());
  const showProgress = terminal.isTty && !options.json;
  const starting = withProgress(showProgress, 'starting', (progress) => stack.start(progress)).then((started) =>
    reportReady(started, wanted, startedMs, reporter),
  );
  try {
    await Promise.race([starting, stopAsked, stack.broken]);
    await Promise.race([stopAsked, stack.broken]);
  } finally {
    await stack.stop();
    // A start that was interrupted ends by itself now; its end is ours, not a failure.
    await starting.catch(() => {});
    // The start may have gone one step further while we stopped it.
    await stack.stop();
  }
  reporter.report({ type: 'stopped' });
  return EXIT.ok;
}

function reportReady(
  { endpoint, newKey }: StartedStack,
  { settings, cluster, withAgent }: UpSettings,
  startedMs: number,
  reporter: UpReporter,
): void {
  reporter.ready(
    {
      type: 'ready',
      endpoint: endpoint.endpoint,
      seconds: (performance.now() - startedMs) / 1000,
      natsUrl: endpoint.natsUrl,
      home: settings.home,
      region: settings.region,
      account: settings.account,
      cluster: withAgent ? cluster : null,
    },
    newKey,
  );
}
