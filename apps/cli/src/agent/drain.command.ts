import { setTimeout as pause } from 'node:timers/promises';
import type { ContainerInstanceOutput } from '#libs/ecs/messages';
import { parseDuration } from '#libs/platform';
import { ask } from '../connection/ask.ts';
import { type WaybillConnection, withWaybill } from '../connection/waybill-connection.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, writeAnswer } from '../shell/output.ts';
import { withProgress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';

export interface DrainOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly cluster: string;
  readonly wait?: boolean;
  readonly timeout: string;
}

interface InstancesAnswer {
  readonly containerInstances: readonly ContainerInstanceOutput[];
  readonly failures: readonly { readonly arn: string; readonly reason: string }[];
}

const LOOK_INTERVAL_MS = 1_000;

/** `waybill agent drain`: DRAINING, as UpdateContainerInstancesState says it, and on request the wait for its last task. */
export async function drain(
  instance: string | undefined,
  options: DrainOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const timeoutMs = parseDuration(options.timeout);
  if (timeoutMs === null) throw new CliProblem('--timeout takes a duration: 90s, 10m, 1h', EXIT.usage);
  return await withWaybill(options, env, async (connection) => {
    const { cluster, output, wait = false } = options;
    const containerInstance = instance ?? connection.endpoint?.instanceId;
    if (containerInstance === undefined) throw new CliProblem('which container instance? Name its id', EXIT.usage);
    const answer = (await ask(connection, 'ecs', 'UpdateContainerInstancesState', {
      cluster,
      containerInstances: [containerInstance],
      status: 'DRAINING',
    })) as InstancesAnswer;
    let left = tasksOf(answer, containerInstance);
    if (wait && left > 0) {
      const show = terminal.isTty && output === 'table';
      left = await withProgress(show, `draining ${containerInstance}`, (progress) =>
        untilEmpty(connection, { cluster, containerInstance, timeoutMs }, progress),
      );
    }
    writeAnswer(terminal, output, {
      json: () => ({ containerInstance, status: 'DRAINING', tasksLeft: left }),
      table: () => `${containerInstance} is DRAINING: ${left === 0 ? 'no task is left' : `${tasksText(left)} left`}`,
    });
    return wait && left > 0 ? EXIT.no : EXIT.ok;
  });
}

async function untilEmpty(
  connection: WaybillConnection,
  { cluster, containerInstance, timeoutMs }: { cluster: string; containerInstance: string; timeoutMs: number },
  progress: (what: string) => void,
): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const request = { cluster, containerInstances: [containerInstance] };
    const left = tasksOf(
      (await ask(connection, 'ecs', 'DescribeContainerInstances', request)) as InstancesAnswer,
      containerInstance,
    );
    if (left === 0 || performance.now() > deadline) return left;
    progress(`draining ${containerInstance}: ${tasksText(left)} left`);
    await pause(LOOK_INTERVAL_MS);
  }
}

function tasksOf({ containerInstances, failures }: InstancesAnswer, containerInstance: string): number {
  const [found] = containerInstances;
  if (found !== undefined) return (found.runningTasksCount ?? 0) + (found.pendingTasksCount ?? 0);
  throw new CliProblem(
    `the cluster has no container instance ${containerInstance} (${failures[0]?.reason ?? 'MISSING'}); a host of the Fargate ` +
      'pool is drained where it runs: waybill agent leave, or SIGTERM to its agent with WAYBILL_DRAIN_ON_SIGTERM=1',
  );
}

const tasksText = (count: number): string => `${count} ${count === 1 ? 'task' : 'tasks'}`;
