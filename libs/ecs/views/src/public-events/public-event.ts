import { events } from '#libs/subjects';
import type { DomainEvent, PublicEvent, RecordedDecision } from '#libs/kernel';
import { hexText, seedFromText, uuidText } from '#libs/kernel';
import { isoText } from '../iso-text.ts';
import type { ClusterRecord } from '../view/records.ts';

/** The token of ECS in subjects. */
const SERVICE = 'ecs';

/** The detail types of ECS and the tokens that stand for them in subjects. */
const DETAIL_TYPES = {
  task: { detailType: 'ECS Task State Change', token: 'task-state-change' },
  containerInstance: { detailType: 'ECS Container Instance State Change', token: 'container-instance-state-change' },
  serviceAction: { detailType: 'ECS Service Action', token: 'service-action' },
  deployment: { detailType: 'ECS Deployment State Change', token: 'deployment-state-change' },
} as const;

/** What one event reports. */
export interface Fact {
  readonly kind: keyof typeof DETAIL_TYPES;
  /** The ARN of the task, container instance or service. */
  readonly resource: string;
  /** The decision that changed the resource last. */
  readonly decision: RecordedDecision<DomainEvent>;
  /** The JSON of `detail`. */
  readonly detail: string;
}

/** The commit that facts come from. */
export interface FactSource {
  readonly shard: string;
  readonly revision: number;
  readonly cluster: ClusterRecord;
}

/** Digits of a commit revision and of an index in `sequence`, which must sort as text. */
const REVISION_DIGITS = 16;
const INDEX_DIGITS = 4;
const TRACE_ID = /^[0-9a-f]{32}$/;
const NO_TRACE_ID = '0'.repeat(32);

/**
 * A fact as it is sent. `index` is its position among the facts of the commit, `name` what distinguishes it from them: the id
 * follows from shard, revision and name.
 */
export function publicEvent(fact: Fact, source: FactSource, index: number, name = String(index)): PublicEvent {
  const { kind, decision, resource } = fact;
  const { shard, revision, cluster } = source;
  const { token } = DETAIL_TYPES[kind];
  const id = uuidText(seedFromText(`${shard}/${revision}/${name}`));
  const time = isoText(decision.at);
  return {
    subject: events.fact(cluster.locale.account, SERVICE, token, cluster.clusterName),
    attributes: {
      specversion: '1.0',
      id,
      source: cluster.clusterArn,
      type: `waybill.${SERVICE}.${token}`,
      time,
      subject: resource,
      datacontenttype: 'application/json',
      sequence: `${digits(revision, REVISION_DIGITS)}.${digits(index, INDEX_DIGITS)}`,
      traceparent: traceParent(id, decision),
      causationid: decision.commandId,
      correlationid: decision.correlationId,
    },
    body: eventBridgeText(id, fact, source, time),
  };
}

/** Written by hand, which is a third of the work; what a sender or an agent chose is escaped. */
function eventBridgeText(id: string, { kind, resource, detail }: Fact, { cluster }: FactSource, time: string): string {
  const { account, region } = cluster.locale;
  return (
    `{"version":"0","id":"${id}","detail-type":"${DETAIL_TYPES[kind].detailType}","source":"aws.ecs"` +
    `,"account":"${account}","time":"${time.slice(0, 19)}Z","region":"${region}","resources":[${JSON.stringify(resource)}]` +
    `,"detail":${detail}}`
  );
}

/** W3C trace context: the caller's trace, or one per correlation; each event is a span of it. */
function traceParent(id: string, { traceId, correlationId }: RecordedDecision<DomainEvent>): string {
  return `00-${traceId ?? traceOf(correlationId)}-${id.slice(19, 23)}${id.slice(24)}-01`;
}

function traceOf(correlationId: string): string {
  const plain = correlationId.replaceAll('-', '').toLowerCase();
  const isTraceId = TRACE_ID.test(plain) && plain !== NO_TRACE_ID;
  return isTraceId ? plain : hexText(seedFromText(correlationId));
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
