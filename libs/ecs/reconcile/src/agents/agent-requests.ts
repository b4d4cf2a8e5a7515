import {
  definitionsRequest,
  drainRequest,
  HEARTBEAT_INTERVAL_SECONDS,
  read,
  reportRequest,
  sessionRequest,
  wantedRequest,
} from '#libs/agents/protocol';
import type {
  DefinitionsRequest,
  AgentRefusal,
  DrainAnswer,
  DrainRequest,
  ReportAnswer,
  ReportRequest,
  Schema,
  SessionAnswer,
  SessionRequest,
  WantedRequest,
} from '#libs/agents/protocol';
import { definitionsFor, wantedPageOf } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import type { AgentAddress, AgentPlan, AgentRequest, CommandAnswer, ContextRejection, Locale } from '#libs/kernel';
import { refusal } from './refusal.ts';

type Plan = AgentPlan<ClusterState, ClusterCommand>;
type Request = AgentRequest<ClusterState, ClusterCommand>;

/** Agents that come back after an outage read their sets and open their sessions: both wait in one line. */
const JOINING = 'joining';
/** A deployment lets every host ask for the same large definition at once. */
const DEFINITIONS = 'definitions';

/** What agents ask, by the last token of the subject. Answers are of at most that many bytes where they can be split. */
export function agentRequests(locale: Locale, messageBytesMax: number): ReadonlyMap<string, Request> {
  return new Map([
    ['wanted', checked(JOINING, wantedRequest, (request, from) => readWanted(request, from, messageBytesMax))],
    ['session', checked(JOINING, sessionRequest, (request, from) => openSession(request, from, locale))],
    [
      'definitions',
      checked(DEFINITIONS, definitionsRequest, (request, from) => readDefinitions(request, from, messageBytesMax)),
    ],
    ['report', checked(null, reportRequest, takeReports)],
    ['drain', checked(null, drainRequest, drain)],
  ]);
}

function checked<Payload>(
  queue: string | null,
  schema: Schema<Payload>,
  plan: (request: Payload, from: AgentAddress) => Plan,
): Request {
  return {
    queue,
    plan(payload, from) {
      const request = read(schema, payload);
      if ('value' in request) return plan(request.value, from);
      return { kind: 'refused', answer: refusal('InvalidParameterException', request.rejection) };
    },
  };
}

/** A page of the wanted set. Nothing is recorded: the agent is not connected before it has read all of it. */
function readWanted({ after }: WantedRequest, { host }: AgentAddress, messageBytesMax: number): Plan {
  return {
    kind: 'read',
    read: (state): WantedPage | AgentRefusal => {
      const page = wantedPageOf(state, host, after, messageBytesMax);
      return 'code' in page ? refusal(page.code, page.message) : page;
    },
  };
}

/** The session of an agent that has its whole set: from now on it is connected. */
function openSession(request: SessionRequest, { group, host }: AgentAddress, locale: Locale): Plan {
  const containerInstanceArn = arns.containerInstance(locale, group, host);
  return {
    kind: 'command',
    command: { type: 'RegisterContainerInstance', instanceId: host, ...request },
    opens: request.sessionId,
    answer: (outcome, term): SessionAnswer | AgentRefusal =>
      outcome.kind === 'accepted'
        ? { containerInstanceArn, term, heartbeatIntervalSeconds: HEARTBEAT_INTERVAL_SECONDS }
        : refusalOf(outcome),
  };
}

/** Task definitions that the instance's tasks name. */
function readDefinitions(request: DefinitionsRequest, { host }: AgentAddress, messageBytesMax: number): Plan {
  return {
    kind: 'read',
    read: (state, term): DefinitionsAnswer => ({
      term,
      ...definitionsFor(state, host, request.taskDefinitionArns, messageBytesMax),
    }),
  };
}

/** Answered when what it changes is durable. */
function takeReports({ sessionId, reports }: ReportRequest, { host }: AgentAddress): Plan {
  return {
    kind: 'command',
    command: { type: 'ReportTaskStates', instanceId: host, sessionId, reports },
    answer: (outcome, term): ReportAnswer | AgentRefusal =>
      outcome.kind === 'accepted' ? { accepted: true, term } : refusalOf(outcome),
  };
}

/** Answered when it is durable that nothing new is placed on the host. */
function drain({ sessionId }: DrainRequest, { host }: AgentAddress): Plan {
  return {
    kind: 'command',
    command: { type: 'DrainContainerInstance', instanceId: host, sessionId },
    answer: (outcome, term): DrainAnswer | AgentRefusal =>
      outcome.kind === 'accepted' ? { accepted: true, term } : refusalOf(outcome),
  };
}

function refusalOf(outcome: Exclude<CommandAnswer<ContextRejection>, { kind: 'accepted' }>): AgentRefusal {
  if (outcome.kind === 'rejected') return refusal(outcome.rejection.code, outcome.rejection.message);
  return refusal('ServerException', outcome.reason);
}
