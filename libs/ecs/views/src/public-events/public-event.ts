import { events } from '#libs/subjects';
import type { DomainEvent, RecordedDecision } from '#libs/kernel';
import { seedFromText } from '#libs/kernel';
import { isoText } from '../iso-text.ts';
import { hexText, uuidText } from '../uuid-text.ts';
import type { ClusterRecord } from '../view/records.ts';

/** The detail types of ECS and the tokens that stand for them in subjects. */
const DETAIL_TYPES = {
  task: { detailType: 'ECS Task State Change', token: 'task-state-change' },
  containerInstance: { detailType: 'ECS Container Instance State Change', token: 'container-instance-state-change' },
  serviceAction: { detailType: 'ECS Service Action', token: 'service-action' },
  deployment: { detailType: 'ECS Deployment State Change', token: 'deployment-state-change' },
} as const;

export type PublicEventKind = keyof typeof DETAIL_TYPES;
export type PublicEventFormat = 'eventbridge' | 'cloudevents';

/** What one event tells, whatever the format. */
export interface Fact {
  readonly kind: PublicEventKind;
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

/** One fact for the outside in one format: a subject and a body. The body is put together when asked for. */
export class PublicEvent {
  readonly format: PublicEventFormat;
  /** UUID-shaped, the same in both formats and whenever the commit is told again. */
  readonly id: string;
  readonly #fact: Fact;
  readonly #source: FactSource;
  readonly #index: number;

  constructor(format: PublicEventFormat, id: string, fact: Fact, source: FactSource, index: number) {
    this.format = format;
    this.id = id;
    this.#fact = fact;
    this.#source = source;
    this.#index = index;
  }

  get kind(): PublicEventKind {
    return this.#fact.kind;
  }

  /** The ARN of the task, container instance or service. */
  get resource(): string {
    return this.#fact.resource;
  }

  /** Where it is published. */
  get subject(): string {
    const { token } = DETAIL_TYPES[this.kind];
    const { locale, clusterName } = this.#source.cluster;
    return this.format === 'eventbridge'
      ? events.eventBridge(locale.account, `ecs-${token}`, clusterName)
      : events.cloudEvent(locale.account, token, clusterName);
  }

  /** The JSON text. */
  get body(): string {
    return this.format === 'eventbridge' ? this.#eventBridgeText() : this.#cloudEventText();
  }

  /* Envelopes are written by hand, which is a third of the work; what a sender or an agent chose is escaped. */

  /** EventBridge's shape. */
  #eventBridgeText(): string {
    const { kind, decision, resource, detail } = this.#fact;
    const { account, region } = this.#source.cluster.locale;
    const time = `${isoText(decision.at).slice(0, 19)}Z`;
    return (
      `{"version":"0","id":"${this.id}","detail-type":"${DETAIL_TYPES[kind].detailType}","source":"aws.ecs"` +
      `,"account":"${account}","time":"${time}","region":"${region}","resources":[${JSON.stringify(resource)}]` +
      `,"detail":${detail}}`
    );
  }

  /** CloudEvents 1.0, structured JSON, with the sequence, distributed tracing and correlation extensions. */
  #cloudEventText(): string {
    const { kind, decision, resource, detail } = this.#fact;
    const { revision, cluster } = this.#source;
    const sequence = `${digits(revision, REVISION_DIGITS)}.${digits(this.#index, INDEX_DIGITS)}`;
    return (
      `{"specversion":"1.0","id":"${this.id}","source":"${cluster.clusterArn}"` +
      `,"type":"waybill.ecs.${DETAIL_TYPES[kind].token}","subject":${JSON.stringify(resource)}` +
      `,"time":"${isoText(decision.at)}","datacontenttype":"application/json","sequence":"${sequence}"` +
      `,"causationid":${JSON.stringify(decision.commandId)},"correlationid":${JSON.stringify(decision.correlationId)}` +
      `,"traceparent":"${traceParent(this.id, decision)}","data":${detail}}`
    );
  }
}

/** A fact in both formats; `index` is its position among the facts of the commit, `name` what tells it from them. */
export function bothFormats(
  fact: Fact,
  source: FactSource,
  index: number,
  name = String(index),
): readonly [PublicEvent, PublicEvent] {
  const id = uuidText(seedFromText(`${source.shard}/${source.revision}/${name}`));
  return [
    new PublicEvent('eventbridge', id, fact, source, index),
    new PublicEvent('cloudevents', id, fact, source, index),
  ];
}

/** W3C trace context: the caller's trace, or one per correlation; each event is a span of it. */
function traceParent(id: string, { traceId, correlationId }: RecordedDecision<DomainEvent>): string {
  const plain = correlationId.replaceAll('-', '').toLowerCase();
  const isTraceId = TRACE_ID.test(plain) && plain !== NO_TRACE_ID;
  const trace = traceId ?? (isTraceId ? plain : hexText(seedFromText(correlationId)));
  return `00-${trace}-${id.slice(19, 23)}${id.slice(24)}-01`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
