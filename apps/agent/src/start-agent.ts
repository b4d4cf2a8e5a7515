import { randomUUID } from 'node:crypto';
import { availableParallelism, cpus, hostname } from 'node:os';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AgentCore, STARTS_IN_FLIGHT_PER_CORE } from '#libs/agents/core';
import { AgentShell, describeInstance } from '#libs/agents/shell';
import { inboxes } from '#libs/subjects';
import type { ContainerRuntime } from '#libs/container-runtime';
import {
  connectNats,
  ensureInstanceId,
  logNotes,
  NestLogger,
  natsOptionsFromEnv,
  processClock,
  productVersion,
} from '#libs/platform';
import type { Settings } from '#libs/platform';
import type { Logger } from 'pino';
import { AgentModule } from './agent.module.ts';
import type { AgentParts } from './agent.module.ts';
import { EphemeralStorage } from './ephemeral-storage/ephemeral-storage.ts';
import { describeHost, hostRuntime } from './host/host-runtime.ts';
import { MetadataPages } from './metadata/metadata-pages.ts';
import { metadataHost, openMetadataPlace } from './metadata/metadata-place.ts';
import type { MetadataPlace } from './metadata/metadata-place.ts';
import { MetadataServer } from './metadata/metadata-server.ts';
import { MetadataModule } from './metadata/metadata.module.ts';
import { readAgentSettings } from './settings/agent-settings.ts';
import type { AgentSettings } from './settings/agent-settings.ts';
import { hostFiles } from './telemetry/host-files.ts';
import { metricsOverNats } from './telemetry/metrics-over-nats.ts';
import { TelemetrySampler } from './telemetry/telemetry-sampler.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { WatchModule } from './watch.module.ts';
import { NatsAgentWire } from './wire/nats-agent-wire.ts';

export interface StartAgentOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly makeRuntime: (instanceId: string) => ContainerRuntime;
  readonly log: Logger;
  /** A session was accepted: tasks may come. */
  readonly onServing: (instanceId: string) => void;
}

export interface RunningAgent {
  readonly instanceId: string;
  /** Containers run on. */
  stop(): Promise<void>;
  /**
   * Serves until the tasks have gone or the limit is over, without taking new ones; null: not asked for by the settings.
   * Pending where the tasks cannot be reported: the limit ends that, too.
   */
  readonly drain: (() => Promise<void>) | null;
  /** Resolves when the connection to NATS has ended for good, by `stop` or because the broker refuses us now. */
  readonly connectionClosed: Promise<void | Error>;
}

/**
 * Starts the agent of this host. Resolves when it is connected to NATS, which it waits for as long as it takes; the
 * control plane and the container engine may come later still.
 * @throws SettingsProblem, or an error of NATS when it refuses the credentials
 */
export async function startAgent({
  settings,
  env,
  makeRuntime,
  log,
  onServing,
}: StartAgentOptions): Promise<RunningAgent> {
  const own = readAgentSettings(env, settings.region);
  const instanceId = own.instanceId ?? (await ensureInstanceId(settings.home));
  const nc = await connectNats({
    ...natsOptionsFromEnv(env),
    name: `waybill-agent-${instanceId}`,
    inboxPrefix: inboxes.agent(instanceId),
    waitForServer: true,
  });
  const metadata = own.metadata
    ? await openMetadataPlace({ host: await metadataHost(env), home: settings.home, log })
    : null;
  const sessionId = randomUUID();
  const core = new AgentCore({
    cluster: own.cluster,
    instanceId,
    sessionId,
    startsInFlightMax: STARTS_IN_FLIGHT_PER_CORE * availableParallelism(),
    cleanupDelayMs: own.taskCleanupSeconds * 1000,
    ...(metadata === null ? {} : { metadataUri: metadata.uri }),
  });
  const runtime = makeRuntime(instanceId);
  const wire = new NatsAgentWire({ nc, cluster: own.cluster, instanceId, log });
  const host = { ...own, sessionId, hostname: hostname(), agentVersion: productVersion() };
  const shell = new AgentShell({
    core,
    wire: wire.of(instanceId),
    runtime: hostRuntime(runtime, log),
    describe: describeHost(runtime, (info) => describeInstance(host, info), log),
    clock: processClock,
    notes: logNotes(log),
    onServing: () => onServing(instanceId),
  });
  const parts = { instanceId, nc, runtime, wire, shell };
  const beside = besideTheAgent(own, parts, metadata, log);
  const app = await NestFactory.createApplicationContext(AgentModule.with(parts, beside), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  log.info({ cluster: own.cluster, instanceId, sessionId }, 'the agent runs');
  return {
    instanceId,
    stop: () => app.close(),
    drain: own.drainOnSigterm ? () => drain(shell, own.drainTimeoutMs, log) : null,
    connectionClosed: nc.closed(),
  };
}

/** What serves and watches the tasks beside what the agent does with them. */
function besideTheAgent(
  own: AgentSettings,
  { instanceId, nc, runtime, shell }: AgentParts,
  metadata: MetadataPlace | null,
  log: Logger,
): readonly DynamicModule[] {
  const { cluster, availabilityZone, metricsIntervalMs } = own;
  const storage = new EphemeralStorage({
    tasks: () => shell.tasks(),
    runtime,
    end: (taskId, reason) => shell.overrun(taskId, reason),
    clock: processClock,
    log,
  });
  const modules: DynamicModule[] = [WatchModule.with(storage)];
  if (metadata !== null) {
    const pages = new MetadataPages({ cluster, availabilityZone, runtime, task: (taskId) => shell.task(taskId) });
    modules.push(MetadataModule.with(new MetadataServer(metadata.server, processClock, log), pages));
  }
  if (metricsIntervalMs > 0) {
    const cores = cpuCount();
    const sampler = new TelemetrySampler({ tasks: () => shell.tasks(), runtime, files: hostFiles(), cpus: cores, log });
    const send = metricsOverNats(nc, cluster, instanceId, log);
    const host = { cluster, instanceId, cpus: cores, intervalMs: metricsIntervalMs };
    const options = { ...host, sampler, send, clock: processClock };
    modules.push(WatchModule.with(new Telemetry(options)));
  }
  return modules;
}

/** Of the machine, whatever this process may use of them. */
function cpuCount(): number {
  return Math.max(1, cpus().length);
}

async function drain(shell: AgentShell, limitMs: number, log: Logger): Promise<void> {
  log.info({ limitMs }, 'draining: no new tasks, and the end when those that are here have gone');
  const tasksLeft = await new Promise<number>((resolve) => shell.drain(limitMs, resolve));
  if (tasksLeft > 0) log.warn({ tasksLeft }, 'the limit is over; these tasks run on without an agent');
  else log.info('no task is left');
}
