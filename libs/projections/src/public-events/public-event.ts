import { events } from '#libs/contracts';
import type { Locale } from '#libs/contracts';
import type { RecordedDecision, DomainEvent } from '#libs/kernel';
import { seedFromText } from '#libs/kernel';
import { hexText, uuidText } from '../uuid-text.ts';
import { isoText } from './detail-text.ts';

/** The detail types of ECS (§22) and the tokens that stand for them in subjects. */
export const DETAIL_TYPES = {
  task: { detailType: 'ECS Task State Change', token: 'task-state-change' },
  containerInstance: { detailType: 'ECS Container Instance State Change', token: 'container-instance-state-change' },
  serviceAction: { detailType: 'ECS Service Action', token: 'service-action' },
  deployment: { detailType: 'ECS Deployment State Change', token: 'deployment-state-change' },
} as const;

export type PublicEventKind = keyof typeof DETAIL_TYPES;
export type PublicEventFormat = 'eventbridge' | 'cloudevents';

/** Where in the log an event has its place: the same log always gives the same identifiers. */
export interface PublicEventPlace {
  readonly shard: string;
  readonly revision: number;
  /** Position among the public events of the commit, from 0. */
  readonly index: number;
}

/** What a public event is made of; the same for both formats. */
export interface PublicEventFacts {
  readonly kind: PublicEventKind;
  readonly place: PublicEventPlace;
  readonly locale: Locale;
  readonly clusterName: string;
  readonly clusterArn: string;
  /** The ARN of the task, container instance or service. */
  readonly resource: string;
  /** The decision that changed the resource last. */
  readonly decision: RecordedDecision<DomainEvent>;
  /** The JSON of `detail`, the same text for both formats. */
  readonly detail: () => string;
}

/** Digits of a commit revision and of an index in `sequence`, which must sort as text. */
const REVISION_DIGITS = 16;
const INDEX_DIGITS = 4;
const TRACE_ID = /^[0-9a-f]{32}$/;
const NO_TRACE_ID = '0'.repeat(32);

/** One fact for the outside in one format: a subject and a body. The body is built when asked for. */
export class PublicEvent {
  readonly format: PublicEventFormat;
  /** UUID-shaped, the same in both formats and whenever the commit is told again. */
  readonly id: string;
  readonly #facts: PublicEventFacts;

  constructor(format: PublicEventFormat, id: string, facts: PublicEventFacts) {
    this.format = format;
    this.id = id;
    this.#facts = facts;
  }

  get kind(): PublicEventKind {
    return this.#facts.kind;
  }

  /** The ARN of the task, container instance or service. */
  get resource(): string {
    return this.#facts.resource;
  }

  /** Where it is published. */
  get subject(): string {
    const { locale, clusterName, kind } = this.#facts;
    const { token } = DETAIL_TYPES[kind];
    return this.format === 'eventbridge'
      ? events.eventBridge(locale.account, `ecs-${token}`, clusterName)
      : events.cloudEvent(locale.account, token, clusterName);
  }

  /** The JSON text. */
  get body(): string {
    return this.format === 'eventbridge' ? eventBridgeText(this.id, this.#facts) : cloudEventText(this.id, this.#facts);
  }
}

/** A fact in both formats. */
export function bothFormats(facts: PublicEventFacts): readonly PublicEvent[] {
  const { shard, revision, index } = facts.place;
  const id = uuidText(seedFromText(`${shard}/${revision}/${index}`));
  let text: string | null = null;
  const detail = (): string => (text ??= facts.detail());
  const shared = { ...facts, detail };
  return [new PublicEvent('eventbridge', id, shared), new PublicEvent('cloudevents', id, shared)];
}

/** EventBridge's shape (ecs-behaviour §22). */
function eventBridgeText(id: string, { kind, locale, decision, resource, detail }: PublicEventFacts): string {
  const envelope = JSON.stringify({
    version: '0',
    id,
    'detail-type': DETAIL_TYPES[kind].detailType,
    source: 'aws.ecs',
    account: locale.account,
    time: `${isoText(decision.at).slice(0, 19)}Z`,
    region: locale.region,
    resources: [resource],
  });
  return `${envelope.slice(0, -1)},"detail":${detail()}}`;
}

/** CloudEvents 1.0, structured JSON, with the sequence, distributed tracing and correlation extensions. */
function cloudEventText(id: string, { kind, place, clusterArn, decision, resource, detail }: PublicEventFacts): string {
  const envelope = JSON.stringify({
    specversion: '1.0',
    id,
    source: clusterArn,
    type: `waybill.ecs.${DETAIL_TYPES[kind].token}`,
    subject: resource,
    time: isoText(decision.at),
    datacontenttype: 'application/json',
    sequence: `${digits(place.revision, REVISION_DIGITS)}.${digits(place.index, INDEX_DIGITS)}`,
    causationid: decision.commandId,
    correlationid: decision.correlationId,
    traceparent: traceParent(id, decision.correlationId),
  });
  return `${envelope.slice(0, -1)},"data":${detail()}}`;
}

/** W3C trace context: everything of one correlation is one trace, each event a span of it. */
function traceParent(id: string, correlationId: string): string {
  const plain = correlationId.replaceAll('-', '').toLowerCase();
  const isTraceId = TRACE_ID.test(plain) && plain !== NO_TRACE_ID;
  const traceId = isTraceId ? plain : hexText(seedFromText(correlationId));
  return `00-${traceId}-${id.replaceAll('-', '').slice(16)}-01`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
