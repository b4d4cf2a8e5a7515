import { randomUUID } from 'node:crypto';
import { AGENT_MESSAGE_BYTES_MAX, HEARTBEAT_INTERVAL_SECONDS } from '#libs/agents/protocol';
import { arns, clusterShard } from '#libs/ecs/messages';
import type { DoorRefusal, ReportAnswer, SessionAnswer } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, ClusterCommand, Rejection } from '#libs/ecs/messages';
import type { Locale, CommandAnswer } from '#libs/kernel';
import { definitionsFor, wantedPageOf } from '#libs/ecs/deciders';
import type { ClusterShards } from './cluster-shards.ts';
import { DefinitionsRequestDto, SessionRequestDto, WantedRequestDto } from './agent-requests.dto.ts';
import { isReportRequest } from './hot-messages.schema.ts';
import { parsed } from '../micro/parsed.ts';

const CHANGES_WRITER = refusal('ServerException', 'The cluster changes its writer. Please try again.');

/** What agents ask, answered from the state of their cluster's writer. The subject has proved which instance asks. */
export class AgentRequests {
  readonly #host: ClusterShards;
  readonly #locale: Locale;

  constructor(host: ClusterShards, locale: Locale) {
    this.#host = host;
    this.#locale = locale;
  }

  /** A page of the wanted set. Nothing is recorded: the agent is not connected before it has read all of it. */
  async wanted(cluster: string, instanceId: string, payload: unknown): Promise<WantedPage | DoorRefusal> {
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return elsewhere(cluster);
    const request = parsed(WantedRequestDto, payload);
    if (typeof request === 'string') return refusal('InvalidParameterException', request);
    const page = await shell.inspect((state) =>
      wantedPageOf(state, instanceId, request.after, AGENT_MESSAGE_BYTES_MAX),
    );
    if (page === null) return CHANGES_WRITER;
    return 'code' in page ? refusal(page.code, page.message) : page;
  }

  /** The session of an agent that has its whole set: from now on it is connected. */
  async session(cluster: string, instanceId: string, payload: unknown): Promise<SessionAnswer | DoorRefusal> {
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return elsewhere(cluster);
    const request = parsed(SessionRequestDto, payload);
    if (typeof request === 'string') return refusal('InvalidParameterException', request);
    const { sessionId, resources, attributes, versionInfo, hostname, tags, wanted } = request;
    const answer = await this.submit(cluster, instanceId, {
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId,
      resources,
      attributes,
      versionInfo,
      hostname,
      ...(tags === undefined ? {} : { tags }),
      wanted,
    });
    if (answer.kind !== 'accepted') return refusalOf(answer);
    return {
      containerInstanceArn: arns.containerInstance(this.#locale, cluster, instanceId),
      term: shell.term,
      heartbeatIntervalSeconds: HEARTBEAT_INTERVAL_SECONDS,
    };
  }

  /** Task definitions that the instance's tasks name. */
  async definitions(cluster: string, instanceId: string, payload: unknown): Promise<DefinitionsAnswer | DoorRefusal> {
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return elsewhere(cluster);
    const request = parsed(DefinitionsRequestDto, payload);
    if (typeof request === 'string') return refusal('InvalidParameterException', request);
    const found = await shell.inspect((state) =>
      definitionsFor(state, instanceId, request.taskDefinitionArns, AGENT_MESSAGE_BYTES_MAX),
    );
    return found === null ? CHANGES_WRITER : { term: shell.term, ...found };
  }

  /** Answered when what it changes is durable. */
  async report(cluster: string, instanceId: string, payload: unknown): Promise<ReportAnswer | DoorRefusal> {
    const shell = this.#host.cluster(cluster);
    if (shell === undefined) return elsewhere(cluster);
    if (!isReportRequest(payload)) {
      const problem = isReportRequest.errors?.[0];
      const where = problem === undefined ? 'no JSON' : `${problem.instancePath || '/'} ${problem.message ?? ''}`;
      return refusal('InvalidParameterException', `not a report: ${where}`);
    }
    const { sessionId, reports } = payload;
    const answer = await this.submit(cluster, instanceId, { type: 'ReportTaskStates', instanceId, sessionId, reports });
    return answer.kind === 'accepted' ? { accepted: true, term: shell.term } : refusalOf(answer);
  }

  submit(cluster: string, instanceId: string, command: ClusterCommand): Promise<CommandAnswer<Rejection>> {
    const commandId = randomUUID();
    return this.#host.submitToCluster(clusterShard(this.#locale.account, cluster), {
      commandId,
      command,
      principal: `agent:${instanceId}`,
      source: 'agent',
      correlationId: commandId,
      causationId: null,
    });
  }
}

export function refusal(code: string, message: string): DoorRefusal {
  return { error: { code, message } };
}

/** A cluster that nobody has created, or one whose writer is being opened again: the agent tries again later. */
function elsewhere(cluster: string): DoorRefusal {
  return refusal('ClusterNotFoundException', `Cluster not found: ${cluster}.`);
}

function refusalOf(answer: Exclude<CommandAnswer<Rejection>, { kind: 'accepted' }>): DoorRefusal {
  if (answer.kind === 'rejected') return refusal(answer.rejection.code, answer.rejection.message);
  return refusal('ServerException', answer.reason);
}
