import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import { nuid } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { wantedSum } from '#libs/ecs/messages';
import { agents, inboxes } from '#libs/subjects';
import type { AssignMessage, AgentRefusal, ReportAnswer, SessionAnswer, SessionRequest } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, TaskReport, WantedSum } from '#libs/ecs/messages';
import { controlPlaneNatsEnv, readRootAccessKey, readSettings } from '#libs/platform';
import type { RootAccessKey } from '#libs/platform';
import type { TestNatsServer } from '#libs/testing';
import { startControlPlane } from '../src/start-control-plane.ts';
import type { RunningControlPlane } from '../src/start-control-plane.ts';

/** A control plane in this process, on a free port, with a home of its own. */
export interface TestControlPlane {
  readonly endpoint: string;
  readonly home: string;
  readonly key: RootAccessKey;
  readonly ecs: ECSClient;
  /** What was logged as a warning or worse. */
  readonly logged: readonly string[];
  isReady(): Promise<boolean>;
  stop(): Promise<void>;
}

/** One with the home of another has its access key; the other removes it. */
export async function testControlPlane(nats: TestNatsServer, otherHome?: string): Promise<TestControlPlane> {
  const home = otherHome ?? (await mkdtemp(path.join(tmpdir(), 'waybill-control-plane-')));
  const settings = readSettings({ WAYBILL_HOME: home, WAYBILL_PORT: '0' });
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const running: RunningControlPlane = await startControlPlane(settings, controlPlaneNatsEnv(nats), log);
  const endpoint = `http://127.0.0.1:${running.port}`;
  const key = await readRootAccessKey(home);
  const ecs = new ECSClient({ endpoint, region: settings.region, credentials: key, maxAttempts: 1 });
  return {
    endpoint,
    home,
    key,
    ecs,
    logged,
    isReady: async () => (await fetch(`${endpoint}/readyz`)).status === 200,
    stop: async () => {
      ecs.destroy();
      await running.stop();
      if (otherHome === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

/** A host agent reduced to its messages: what it is sent is kept, what it says is said by the test. */
export class TestHost {
  readonly instanceId: string;
  readonly assigned: AssignMessage[] = [];
  sessionId: string = randomUUID();
  readonly #nc: NatsConnection;
  readonly #cluster: string;

  constructor(nc: NatsConnection, cluster = 'default') {
    this.#nc = nc;
    this.#cluster = cluster;
    this.instanceId = randomUUID().replaceAll('-', '');
    nc.subscribe(agents.assign(cluster, this.instanceId), {
      callback: (_error, message) => void this.assigned.push(message.json<AssignMessage>()),
    });
  }

  /** The wanted set, page by page, as an agent reads it before it opens its session. */
  async readWanted(): Promise<{ readonly pages: readonly WantedPage[]; readonly wanted: WantedSum }> {
    const pages: WantedPage[] = [];
    let after: string | null = null;
    do {
      const page: WantedPage | AgentRefusal = await this.ask(agents.wanted(this.#cluster, this.instanceId), { after });
      if ('error' in page) throw new Error(page.error.message);
      pages.push(page);
      after = page.next;
    } while (after !== null);
    const tasks = pages.flatMap((page) => page.tasks);
    return { pages, wanted: wantedSum(pages.at(-1)?.version ?? 0, tasks) };
  }

  definitions(taskDefinitionArns: readonly string[]): Promise<DefinitionsAnswer | AgentRefusal> {
    return this.ask(agents.definitions(this.#cluster, this.instanceId), { taskDefinitionArns });
  }

  async openSession(changes: Partial<SessionRequest> = {}): Promise<SessionAnswer | AgentRefusal> {
    const request: SessionRequest = {
      sessionId: this.sessionId,
      resources: { cpu: 4_096, memory: 8_192, reservedTcpPorts: [22], reservedUdpPorts: [] },
      attributes: [
        { name: 'ecs.os-type', value: 'linux' },
        { name: 'ecs.cpu-architecture', value: 'x86_64' },
        { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
        { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.21' },
      ],
      versionInfo: { agentVersion: '0.0.0', dockerVersion: 'DockerVersion: 0.0.0' },
      hostname: 'test',
      wanted: changes.wanted ?? (await this.readWanted()).wanted,
      ...changes,
    };
    return this.ask(agents.session(this.#cluster, this.instanceId), request);
  }

  report(reports: readonly TaskReport[], sessionId = this.sessionId): Promise<ReportAnswer | AgentRefusal> {
    return this.ask(agents.report(this.#cluster, this.instanceId), { sessionId, reports });
  }

  heartbeat(version: number): void {
    this.#nc.publish(
      agents.heartbeat(this.#cluster, this.instanceId),
      JSON.stringify({ sessionId: this.sessionId, version }),
    );
  }

  async ask<Answer>(subject: string, payload: unknown): Promise<Answer> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const reply = `${inboxes.agent(this.instanceId)}.${nuid.next()}`;
    return (await this.#nc.request(subject, text, { timeout: 10_000, noMux: true, reply })).json<Answer>();
  }
}

/** A report that a task's one container runs, with a published port. */
export function runningReport(taskId: string, container: string, hostPort: number): TaskReport {
  const networkBindings = [{ bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' as const }];
  return {
    taskId,
    knownStatus: 'RUNNING',
    startedAt: Date.now(),
    containers: [{ name: container, lastStatus: 'RUNNING', runtimeId: `runtime-${taskId}`, networkBindings }],
  };
}

export function stoppedReport(taskId: string, container: string, exitCode: number): TaskReport {
  return { taskId, knownStatus: 'STOPPED', containers: [{ name: container, lastStatus: 'STOPPED', exitCode }] };
}

const HOLDS_SECONDS_MAX = 20;

/** Asks until it holds; fails with the check's own text when it does not come to hold. */
export async function holds(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + HOLDS_SECONDS_MAX * 1_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${HOLDS_SECONDS_MAX} s: ${String(check)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
