import { HEARTBEAT_INTERVAL_SECONDS } from '#libs/agents/protocol';
import { arns } from '#libs/ecs/messages';
import type {
  AssignMessage,
  DefinitionsRequest,
  DoorRefusal,
  Heartbeat,
  ReportAnswer,
  ReportRequest,
  SessionAnswer,
  SessionRequest,
  WantedRequest,
} from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, ClusterCommand, ClusterEffect } from '#libs/ecs/messages';
import { definitionsFor } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import type { Engine, Ids, Outlet, WriterShell } from '#libs/engine';
import type { CommandAnswer, Committed, ContextRejection, DomainEvent, Effect } from '#libs/kernel';
import { assignMessages } from '#libs/ecs/reconcile';
import type { InstanceMonitor } from '#libs/ecs/reconcile';
import { AttendedClock } from '../../../apps/control-plane/src/agents/attended-clock.ts';
import type { ProductParts } from '../parts.ts';
import { CLUSTER, CLUSTER_SHARD, LOCALE } from '../world/names.ts';
import type { SimProcess } from '../world/sim-process.ts';

const MONITOR_INTERVAL_MS = 1_000;
/** So little that wanted sets have several pages and directives are split; the product's limit is never reached here. */
const AGENT_BYTES_MAX = 1_000;

export interface SimAgentDoorOptions {
  readonly process: SimProcess;
  readonly host: Engine['host'];
  readonly ids: Ids;
  readonly parts: ProductParts;
  /** Publishes a directive. */
  readonly assign: (instanceId: string, message: AssignMessage) => void;
}

/** apps/control-plane's AgentDoor over the virtual world: a message of an agent becomes a command like any other. */
export class SimAgentDoor implements Outlet {
  readonly #options: SimAgentDoorOptions;
  readonly #host: Engine['host'];
  readonly #assign: (instanceId: string, message: AssignMessage) => void;
  readonly #clock: AttendedClock;
  #monitor: InstanceMonitor | null = null;

  constructor(options: SimAgentDoorOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#assign = options.assign;
    const { clock } = options.process;
    this.#clock = new AttendedClock(() => clock.now());
    this.#tick();
  }

  open(): void {}

  close(): void {}

  /** The writer is open: every connected instance gets a whole time-out to be heard of again. */
  shardOpened(shell: WriterShell): void {
    if (shell.shard !== CLUSTER_SHARD) return;
    this.#monitor = null;
    shell.inspect(
      (state) =>
        [...(state as ClusterState).instances.values()]
          .filter(({ connected }) => connected)
          .map(({ instanceId, sessionId }) => ({ instanceId, sessionId })),
      (connected) => {
        const monitor = new this.#options.parts.InstanceMonitor();
        for (const { instanceId, sessionId } of connected ?? []) monitor.heartbeat(instanceId, sessionId, this.#now());
        this.#monitor = monitor;
      },
    );
  }

  committed({ commit, effects }: Committed<DomainEvent, Effect>): void {
    if (commit.shard !== CLUSTER_SHARD) return;
    const { process } = this.#options;
    process.crashPoint('after the ack, before the effects');
    for (const [instanceId, messages] of assignMessages(effects as ClusterEffect[], commit.term, AGENT_BYTES_MAX)) {
      for (const message of messages) this.#assign(instanceId, message);
    }
    process.crashPoint('after the effects, before the answers');
  }

  session(instanceId: string, request: SessionRequest, respond: (answer: SessionAnswer | DoorRefusal) => void): void {
    const shell = this.#cluster;
    if (shell === undefined) return this.#elsewhere(respond);
    this.#submit(instanceId, { type: 'RegisterContainerInstance', instanceId, ...request }, (answer) => {
      if (answer.kind !== 'accepted') return respond(refusalOf(answer));
      this.#monitor?.heartbeat(instanceId, request.sessionId, this.#now());
      respond({
        containerInstanceArn: arns.containerInstance(LOCALE, CLUSTER, instanceId),
        term: shell.term,
        heartbeatIntervalSeconds: HEARTBEAT_INTERVAL_SECONDS,
      });
    });
  }

  wanted(instanceId: string, { after }: WantedRequest, respond: (answer: WantedPage | DoorRefusal) => void): void {
    const shell = this.#cluster;
    if (shell === undefined) return this.#elsewhere(respond);
    shell.inspect(
      (state) => this.#options.parts.wantedPageOf(state as ClusterState, instanceId, after, AGENT_BYTES_MAX),
      (page) => {
        if (page === null) respond(refusal('ServerException', 'The cluster changes its writer.'));
        else respond('code' in page ? refusal(page.code, page.message) : page);
      },
    );
  }

  definitions(
    instanceId: string,
    { taskDefinitionArns }: DefinitionsRequest,
    respond: (answer: DefinitionsAnswer | DoorRefusal) => void,
  ): void {
    const shell = this.#cluster;
    if (shell === undefined) return this.#elsewhere(respond);
    shell.inspect(
      (state) => definitionsFor(state as ClusterState, instanceId, taskDefinitionArns, AGENT_BYTES_MAX),
      (found) => {
        if (found === null) respond(refusal('ServerException', 'The cluster changes its writer.'));
        else respond({ term: shell.term, ...found });
      },
    );
  }

  report(instanceId: string, request: ReportRequest, respond: (answer: ReportAnswer | DoorRefusal) => void): void {
    const shell = this.#cluster;
    if (shell === undefined) return this.#elsewhere(respond);
    const { sessionId, reports } = request;
    this.#submit(instanceId, { type: 'ReportTaskStates', instanceId, sessionId, reports }, (answer) => {
      respond(answer.kind === 'accepted' ? { accepted: true, term: shell.term } : refusalOf(answer));
    });
  }

  heartbeat(instanceId: string, heartbeat: Heartbeat): void {
    const shell = this.#cluster;
    shell?.inspect(
      (state) => {
        const instance = (state as ClusterState).instances.get(instanceId);
        if (instance === undefined) return undefined;
        const { connected, sessionId, wantedVersion } = instance;
        return { connected, sessionId, wantedVersion };
      },
      (known) => {
        if (known === null) return;
        const verdict = this.#options.parts.heartbeatVerdict(known, heartbeat);
        if (verdict === 'fenced') return;
        if (verdict === 'lost') return this.#nudge(instanceId, heartbeat.sessionId, Number.MAX_SAFE_INTEGER, shell);
        const { sessionId, version } = heartbeat;
        if (verdict === 'alive') return this.#monitor?.heartbeat(instanceId, sessionId, this.#now());
        this.#monitor?.behind(instanceId, sessionId, version, this.#now());
        this.#nudge(instanceId, sessionId, known?.wantedVersion ?? 0, shell);
      },
    );
  }

  #nudge(instanceId: string, sessionId: string, version: number, { term }: WriterShell): void {
    this.#assign(instanceId, { term, sessionId, fromVersion: version, toVersion: version, tasks: [] });
  }

  #tick(): void {
    this.#options.process.after(MONITOR_INTERVAL_MS, () => {
      this.#disconnectOverdue();
      this.#tick();
    });
  }

  #disconnectOverdue(): void {
    const monitor = this.#monitor;
    if (this.#cluster === undefined || monitor === null) return;
    for (const { instanceId, sessionId } of monitor.overdue(this.#now())) {
      this.#submit(instanceId, { type: 'ReportInstanceDisconnected', instanceId, sessionId }, ({ kind }) => {
        if (kind === 'accepted') monitor.forget(instanceId, sessionId);
      });
    }
  }

  #submit(instanceId: string, command: ClusterCommand, reply: (answer: CommandAnswer<ContextRejection>) => void): void {
    const commandId = this.#options.ids.fresh();
    this.#host.submit(
      CLUSTER_SHARD,
      {
        commandId,
        command,
        principal: `agent:${instanceId}`,
        source: 'agent',
        correlationId: commandId,
        causationId: null,
      },
      reply,
    );
  }

  get #cluster(): WriterShell | undefined {
    return this.#host.shell(CLUSTER_SHARD);
  }

  #now(): number {
    return this.#clock.now();
  }

  /** Another process may be the writer; if none is, or the cluster is not open yet, the agent tries again. */
  #elsewhere(respond: (answer: DoorRefusal) => void): void {
    if (this.#host.isLeading) respond(refusal('ClusterNotFoundException', 'Cluster not found.'));
  }
}

function refusalOf(answer: Exclude<CommandAnswer<ContextRejection>, { kind: 'accepted' }>): DoorRefusal {
  if (answer.kind === 'rejected') return refusal(answer.rejection.code, answer.rejection.message);
  return refusal('ServerException', answer.reason);
}

function refusal(code: string, message: string): DoorRefusal {
  return { error: { code, message } };
}
