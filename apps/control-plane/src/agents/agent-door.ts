import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { agents } from '#libs/subjects';
import type { AssignMessage, DoorRefusal } from '#libs/agents/protocol';
import type { ClusterEffect } from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';
import type { AgentLeaf } from '#libs/subjects';
import { assignMessages, heartbeatVerdict, InstanceMonitor } from '#libs/ecs/reconcile';
import type { Logger } from 'pino';
import { boundedPayload, publishBounded } from '../nats/bounded-payload.ts';
import type { ClusterShards } from './cluster-shards.ts';
import { Admission } from './admission.ts';
import { AgentRequests, refusal } from './agent-requests.ts';
import { AttendedClock } from './attended-clock.ts';
import { isHeartbeat } from './hot-messages.schema.ts';

/** After an outage all agents come at once; more of them than this at a time would keep everybody else waiting. */
const SESSIONS_OPENING_MAX = 32;
/** A deployment lets every host ask for the same large definition at once. */
const DEFINITIONS_READING_MAX = 32;
/** How often overdue heartbeats are looked for. */
const MONITOR_INTERVAL_MS = 1_000;

type Answer = (cluster: string, instanceId: string, payload: unknown) => Promise<object>;

/**
 * Where host agents come in. The subject proves the instance (NATS permissions give an agent its own subjects only); a
 * message becomes a command like any other. Directives go out after the ack, with the writer's term.
 */
export class AgentDoor {
  readonly #nc: NatsConnection;
  readonly #gateway: NatsConnection;
  readonly #host: ClusterShards;
  readonly #requests: AgentRequests;
  readonly #log: Logger;
  readonly #monitors = new Map<string, InstanceMonitor>();
  readonly #subscriptions: Subscription[] = [];
  readonly #clock = new AttendedClock();
  #timer: NodeJS.Timeout | undefined;

  /** @param options requests come in over `gateway`, directives go out over `nc` */
  constructor(options: {
    nc: NatsConnection;
    gateway: NatsConnection;
    host: ClusterShards;
    locale: Locale;
    log: Logger;
  }) {
    this.#nc = options.nc;
    this.#gateway = options.gateway;
    this.#host = options.host;
    this.#requests = new AgentRequests(options.host, options.locale);
    this.#log = options.log;
  }

  open(): void {
    const opening = new Admission(SESSIONS_OPENING_MAX);
    this.#answer('wanted', (...request) => this.#requests.wanted(...request), opening);
    this.#answer('session', (...request) => this.#session(...request), opening);
    const reading = new Admission(DEFINITIONS_READING_MAX);
    this.#answer('definitions', (...request) => this.#requests.definitions(...request), reading);
    this.#answer('report', (...request) => this.#requests.report(...request));
    this.#listen('heartbeat', (message) => void this.#heartbeat(message));
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

  /** Sends agents what changed for them in a durable commit. */
  publish(cluster: string, effects: readonly ClusterEffect[], term: number): void {
    if (effects.length === 0) return;
    for (const [instanceId, messages] of assignMessages(effects, term)) {
      for (const message of messages) this.#assign(cluster, instanceId, message);
    }
  }

  #listen(leaf: AgentLeaf, handle: (message: Msg) => void): void {
    const subject = agents.every(leaf);
    this.#subscriptions.push(
      this.#gateway.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) handle(message);
          else this.#log.error({ err: error, subject }, 'an agent subscription failed');
        },
      }),
    );
  }

  #answer(leaf: AgentLeaf, answer: Answer, admission?: Admission): void {
    this.#listen(leaf, (message) => {
      const { cluster, instanceId } = agents.partsOf(message.subject);
      const job = (): Promise<void> =>
        answer(cluster, instanceId, parseJson(message))
          .catch((failure: unknown): DoorRefusal => {
            this.#log.error({ err: failure, subject: message.subject }, 'a message of an agent failed');
            return refusal('ServerException', 'Service Unavailable. Please try again later.');
          })
          .then((body) => this.#respond(message, body));
      if (admission === undefined) void job();
      else admission.admit(job);
    });
  }

  #respond(message: Msg, body: object): void {
    const payload = boundedPayload(JSON.stringify(body), message.subject, this.#log);
    if (payload !== null) message.respond(payload);
  }

  async #session(cluster: string, instanceId: string, payload: unknown): Promise<object> {
    const answer = await this.#requests.session(cluster, instanceId, payload);
    if (!('error' in answer)) {
      const { sessionId } = payload as { sessionId: string };
      this.#monitors.get(cluster)?.heartbeat(instanceId, sessionId, this.#clock.now());
    }
    return answer;
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
    if (verdict === 'lost')
      return this.#nudge(cluster, instanceId, heartbeat.sessionId, Number.MAX_SAFE_INTEGER, shell.term);
    const monitor = this.#monitors.get(cluster);
    const { sessionId, version } = heartbeat;
    if (verdict === 'alive') return monitor?.heartbeat(instanceId, sessionId, this.#clock.now());
    monitor?.behind(instanceId, sessionId, version, this.#clock.now());
    this.#nudge(cluster, instanceId, sessionId, known?.wantedVersion ?? 0, shell.term);
  }

  /** An empty difference to a version that the agent does not have: a gap, so it asks for the whole set. */
  #nudge(cluster: string, instanceId: string, sessionId: string, version: number, term: number): void {
    this.#assign(cluster, instanceId, { term, sessionId, fromVersion: version, toVersion: version, tasks: [] });
  }

  #assign(cluster: string, instanceId: string, message: AssignMessage): void {
    publishBounded(this.#nc, agents.assign(cluster, instanceId), JSON.stringify(message), this.#log);
  }

  #disconnectOverdue(): void {
    const now = this.#clock.now();
    for (const [cluster, monitor] of this.#monitors) {
      if (this.#host.cluster(cluster) === undefined) continue;
      for (const { instanceId, sessionId } of monitor.overdue(now)) {
        this.#log.warn({ cluster, instanceId }, 'a container instance has missed its heartbeats');
        this.#requests.submit(cluster, instanceId, { type: 'ReportInstanceDisconnected', instanceId, sessionId }).then(
          // Reported once; an answer that is not a clear yes leaves it on the list for the next time-out.
          ({ kind }) => kind === 'accepted' && monitor.forget(instanceId, sessionId),
          (error: unknown) =>
            this.#log.error({ err: error, cluster, instanceId }, 'the disconnection was not recorded'),
        );
      }
    }
  }
}

function parseJson(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
