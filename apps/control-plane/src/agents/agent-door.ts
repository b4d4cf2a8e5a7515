import { randomUUID } from 'node:crypto';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { plainToInstance } from 'class-transformer';
import type { ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import { agents, arns, clusterShard, HEARTBEAT_INTERVAL_SECONDS } from '#libs/contracts';
import type {
  AssignMessage,
  ClusterCommand,
  ClusterEffect,
  DoorRefusal,
  Locale,
  Rejection,
  ReportAnswer,
  ReportRequest,
  SessionAnswer,
} from '#libs/contracts';
import { wantedSetOf } from '#libs/ecs';
import type { CommandAnswer, CommandRequest } from '#libs/kernel';
import { heartbeatVerdict, InstanceMonitor } from '#libs/process-managers';
import type { Logger } from 'pino';
import type { ShardHost } from '../shards/shard-host.ts';
import { Admission } from './admission.ts';
import { AttendedClock } from './attended-clock.ts';
import { assignMessages } from './assign-messages.ts';
import { isHeartbeat, isReportRequest } from './hot-messages.schema.ts';
import { SessionRequestDto } from './session.dto.ts';

/** After an outage all agents come at once; more of them than this at a time would keep everybody else waiting. */
const SESSIONS_OPENING_MAX = 32;
/** How often overdue heartbeats are looked for. */
const MONITOR_INTERVAL_MS = 1_000;

/**
 * Where host agents come in. The subject proves the instance (NATS permissions give an agent its own subjects only); a
 * message becomes a command like any other. Directives go out after the ack, with the writer's term.
 */
export class AgentDoor {
  readonly #nc: NatsConnection;
  readonly #gateway: NatsConnection;
  readonly #host: ShardHost;
  readonly #locale: Locale;
  readonly #log: Logger;
  readonly #monitors = new Map<string, InstanceMonitor>();
  readonly #subscriptions: Subscription[] = [];
  readonly #clock = new AttendedClock();
  #timer: NodeJS.Timeout | undefined;

  /** @param options requests come in over `gateway`, directives go out over `nc` */
  constructor(options: { nc: NatsConnection; gateway: NatsConnection; host: ShardHost; locale: Locale; log: Logger }) {
    this.#nc = options.nc;
    this.#gateway = options.gateway;
    this.#host = options.host;
    this.#locale = options.locale;
    this.#log = options.log;
  }

  open(): void {
    this.#serve(agents.every('session'), (message) => this.#session(message), new Admission(SESSIONS_OPENING_MAX));
    this.#serve(agents.every('report'), (message) => this.#report(message));
    this.#serve(agents.every('heartbeat'), (message) => this.#heartbeat(message));
    this.#timer = setInterval(() => this.#disconnectOverdue(), MONITOR_INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
  }

  /** The writer of a cluster is open: every connected instance gets a whole time-out to be heard of again. */
  async watch(cluster: string): Promise<void> {
    const connected = await this.#host
      .cluster(cluster)
      ?.inspect((state) =>
        [...state.instances.values()]
          .filter((instance) => instance.connected)
          .map(({ instanceId, sessionId }) => ({ instanceId, sessionId })),
      );
    const monitor = new InstanceMonitor();
    for (const { instanceId, sessionId } of connected ?? []) {
      monitor.heartbeat(instanceId, sessionId, this.#clock.now());
    }
    this.#monitors.set(cluster, monitor);
  }

  /** Tells agents what changed for them in a durable commit. */
  publish(cluster: string, effects: readonly ClusterEffect[], term: number): void {
    if (effects.length === 0) return;
    for (const [instanceId, message] of assignMessages(effects, term)) this.#assign(cluster, instanceId, message);
  }

  #serve(subject: string, handle: (message: Msg) => Promise<void>, admission?: Admission): void {
    this.#subscriptions.push(
      this.#gateway.subscribe(subject, {
        callback: (error, message) => {
          if (error !== null) {
            this.#log.error({ err: error, subject }, 'an agent subscription failed');
            return;
          }
          const job = (): Promise<void> =>
            handle(message).catch((failure: unknown) => {
              this.#log.error({ err: failure, subject: message.subject }, 'a message of an agent failed');
              refuse(message, 'ServerException', 'Service Unavailable. Please try again later.');
            });
          if (admission === undefined) void job();
          else admission.admit(job);
        },
      }),
    );
  }

  async #session(message: Msg): Promise<void> {
    const { cluster, instanceId } = agents.partsOf(message.subject);
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return this.#elsewhere(message, cluster);
    const request = parse(SessionRequestDto, message);
    if (typeof request === 'string') return refuse(message, 'InvalidParameterException', request);

    const { sessionId, resources, attributes, versionInfo, hostname, tags } = request;
    const answer = await this.#submit(cluster, instanceId, {
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId,
      resources,
      attributes,
      versionInfo,
      hostname,
      ...(tags === undefined ? {} : { tags }),
    });
    if (answer.kind !== 'accepted') return refuseAnswer(message, answer);
    const wanted = await shell.inspect((state) => wantedSetOf(state, instanceId));
    if (wanted === null) return refuse(message, 'ServerException', 'The cluster changes its writer. Please try again.');
    this.#monitors.get(cluster)?.heartbeat(instanceId, sessionId, this.#clock.now());
    const accepted: SessionAnswer = {
      containerInstanceArn: arns.containerInstance(this.#locale, cluster, instanceId),
      term: shell.term,
      wanted,
      heartbeatIntervalSeconds: HEARTBEAT_INTERVAL_SECONDS,
    };
    message.respond(JSON.stringify(accepted));
  }

  async #report(message: Msg): Promise<void> {
    const { cluster, instanceId } = agents.partsOf(message.subject);
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return this.#elsewhere(message, cluster);
    const request = parseJson(message);
    if (!isReportRequest(request)) {
      const problem = isReportRequest.errors?.[0];
      const where = problem === undefined ? 'no JSON' : `${problem.instancePath || '/'} ${problem.message ?? ''}`;
      return refuse(message, 'InvalidParameterException', `not a report: ${where}`);
    }
    const { sessionId, reports }: ReportRequest = request;
    const answer = await this.#submit(cluster, instanceId, {
      type: 'ReportTaskStates',
      instanceId,
      sessionId,
      reports,
    });
    if (answer.kind !== 'accepted') return refuseAnswer(message, answer);
    const accepted: ReportAnswer = { accepted: true, term: shell.term };
    message.respond(JSON.stringify(accepted));
  }

  /** Never logged. An agent that is behind, fenced or thought lost is asked to open its session again. */
  async #heartbeat(message: Msg): Promise<void> {
    const { cluster, instanceId } = agents.partsOf(message.subject);
    const shell = this.#host.cluster(cluster);
    const heartbeat = parseJson(message);
    if (shell === undefined || !isHeartbeat(heartbeat)) return;
    const known = await shell.inspect((state) => {
      const instance = state.instances.get(instanceId);
      if (instance === undefined) return undefined;
      const { connected, sessionId, wantedVersion } = instance;
      return { connected, sessionId, wantedVersion };
    });
    if (known === null) return;
    const verdict = heartbeatVerdict(known, heartbeat);
    if (verdict === 'fenced') return;
    if (verdict === 'lost') return this.#nudge(cluster, instanceId, Number.MAX_SAFE_INTEGER, shell.term);
    this.#monitors.get(cluster)?.heartbeat(instanceId, heartbeat.sessionId, this.#clock.now());
    if (verdict === 'behind') this.#nudge(cluster, instanceId, known?.wantedVersion ?? 0, shell.term);
  }

  /** An empty difference to a version that the agent does not have: a gap, so it asks for the whole set. */
  #nudge(cluster: string, instanceId: string, version: number, term: number): void {
    this.#assign(cluster, instanceId, {
      term,
      fromVersion: version,
      toVersion: version,
      tasks: [],
      taskDefinitions: {},
    });
  }

  #assign(cluster: string, instanceId: string, message: AssignMessage): void {
    this.#nc.publish(agents.assign(cluster, instanceId), JSON.stringify(message));
  }

  #disconnectOverdue(): void {
    const now = this.#clock.now();
    for (const [cluster, monitor] of this.#monitors) {
      if (this.#host.cluster(cluster) === undefined) continue;
      for (const { instanceId, sessionId } of monitor.overdue(now)) {
        this.#log.warn({ cluster, instanceId }, 'a container instance has missed its heartbeats');
        this.#submit(cluster, instanceId, { type: 'ReportInstanceDisconnected', instanceId, sessionId }).then(
          // Told once; an answer that is not a clear yes leaves it on the list for the next time-out.
          ({ kind }) => kind === 'accepted' && monitor.forget(instanceId, sessionId),
          (error: unknown) =>
            this.#log.error({ err: error, cluster, instanceId }, 'the disconnection was not recorded'),
        );
      }
    }
  }

  #submit(cluster: string, instanceId: string, command: ClusterCommand): Promise<CommandAnswer<Rejection>> {
    const commandId = randomUUID();
    const request: CommandRequest<ClusterCommand> = {
      commandId,
      command,
      principal: `agent:${instanceId}`,
      source: 'agent',
      correlationId: commandId,
      causationId: null,
    };
    return this.#host.submitToCluster(cluster, clusterShard(this.#locale.account, cluster), request);
  }

  /** A cluster that nobody has created, or one whose writer is being opened again: the agent tries again later. */
  #elsewhere(message: Msg, cluster: string): void {
    refuse(message, 'ClusterNotFoundException', `Cluster not found: ${cluster}.`);
  }
}

function parseJson(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

/** The DTO, or a text that says what is wrong with it. */
function parse<Dto extends object>(dto: ClassConstructor<Dto>, message: Msg): Dto | string {
  const plain = parseJson(message);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return 'the payload is not a JSON object';
  const instance = plainToInstance(dto, plain);
  const [problem] = validateSync(instance, { whitelist: true });
  return problem === undefined
    ? instance
    : Object.values(problem.constraints ?? { nested: `${problem.property} is invalid` }).join('; ');
}

function refuse(message: Msg, code: string, text: string): void {
  const refusal: DoorRefusal = { error: { code, message: text } };
  message.respond(JSON.stringify(refusal));
}

function refuseAnswer(message: Msg, answer: Exclude<CommandAnswer<Rejection>, { kind: 'accepted' }>): void {
  if (answer.kind === 'rejected') refuse(message, answer.rejection.code, answer.rejection.message);
  else refuse(message, 'ServerException', answer.reason);
}
