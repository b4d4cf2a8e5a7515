import { journal, JOURNAL_STREAM } from '#libs/subjects';
import { type ForeignMessage, JournalDamaged } from '#libs/event-store';
import type { ConnectionWatch } from './connection-watch.ts';
import { apiSubject, askJetStream, JetStreamRefusal, STREAM_NOT_FOUND } from './jetstream-api.ts';

/** The stream is there and is not fit to be a journal. The message lists every setting that differs. */
export class JournalRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JournalRefused';
  }
}

export interface JournalOptions {
  /** Copies of the journal in a natsCluster; 1 where there is one server. Must match an existing journal if given. */
  readonly replicas?: number;
  /** False: a journal must be there, since something that was acknowledged is known of it. Default true. */
  readonly create?: boolean;
  /** Called for each message that a reader of the whole journal finds there and that is not a commit. */
  readonly onForeign?: (message: ForeignMessage) => void;
}

interface StreamState {
  readonly messages: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly num_deleted?: number;
  readonly subjects?: Readonly<Record<string, number>>;
}

interface StreamInfo {
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: StreamState;
  readonly total?: number;
}

/** Nothing ever leaves the journal, and nothing ages. */
const REQUIRED = {
  subjects: [journal.all],
  storage: 'file',
  retention: 'limits',
  discard: 'new',
  max_age: 0,
  max_msgs: -1,
  max_bytes: -1,
  max_msg_size: -1,
  max_msgs_per_subject: -1,
  deny_delete: true,
  deny_purge: true,
} as const;

/** Auditors read message by message, several times as fast without the leader; writers always ask the leader. */
const ALLOW_DIRECT = { allow_direct: true } as const;

/** Where stream information is asked for; auditors have a subject of their own. */
const INFO_SUBJECT = apiSubject(`STREAM.INFO.${JOURNAL_STREAM}`);

/** Settings that must be off; servers that do not know them leave them out. */
const FORBIDDEN = [
  'sealed',
  'no_ack',
  'allow_rollup_hdrs',
  'allow_msg_ttl',
  'allow_msg_counter',
  'allow_msg_schedules',
  'discard_new_per_subject',
  'mirror',
  'sources',
  'republish',
  'subject_transform',
] as const;

/**
 * Makes sure that the journal's stream exists and is fit: creates it, or refuses one with other settings.
 * @throws JournalRefused, JournalDamaged, StoreUnavailable
 */
export async function ensureJournalStream(connection: ConnectionWatch, options: JournalOptions): Promise<void> {
  const info = (await streamInfoOrNull(connection, INFO_SUBJECT)) ?? (await createStream(connection, options));
  const differences = differencesOf(info.config, options.replicas);
  if (differences.length > 0) {
    throw new JournalRefused(`stream ${JOURNAL_STREAM} is not fit to be the journal: ${differences.join('; ')}`);
  }
  assertWhole(info.state);
}

/** As ensureJournalStream, for those who only read. @throws JournalRefused, JournalDamaged, StoreUnavailable */
export async function findJournalStream(connection: ConnectionWatch, infoSubject: string): Promise<void> {
  const info = await streamInfoOrNull(connection, infoSubject);
  if (info === null)
    throw new JournalRefused(`there is no stream ${JOURNAL_STREAM} on this nats-server: nothing was ever recorded`);
  assertWhole(info.state);
}

/** What differs from a fit journal, one phrase each. */
export function differencesOf(config: Readonly<Record<string, unknown>>, replicas?: number): readonly string[] {
  const required: Record<string, unknown> = replicas === undefined ? REQUIRED : { ...REQUIRED, num_replicas: replicas };
  const differences: string[] = [];
  for (const [name, wanted] of Object.entries(required)) {
    const [have, want] = [JSON.stringify(config[name] ?? defaultOf(wanted)), JSON.stringify(wanted)];
    if (have !== want) differences.push(`${name} is ${have}, not ${want}`);
  }
  for (const name of FORBIDDEN) {
    const value = config[name];
    if (isSet(value)) differences.push(`${name} is ${JSON.stringify(value)}`);
  }
  // Since nats-server 2.12 a stream can ask to be synced later than the server says.
  if (isSet(config['persist_mode']) && config['persist_mode'] !== 'default') {
    differences.push(`persist_mode is ${JSON.stringify(config['persist_mode'])}, not "default"`);
  }
  return differences;
}

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);

/** What a server means that leaves a setting out of its answer. */
const defaultOf = (wanted: unknown): unknown =>
  typeof wanted === 'boolean' ? false : typeof wanted === 'number' ? 0 : null;

async function streamInfoOrNull(connection: ConnectionWatch, subject: string): Promise<StreamInfo | null> {
  try {
    return await askJetStream<StreamInfo>(connection, subject);
  } catch (error) {
    if (error instanceof JetStreamRefusal && error.errCode === STREAM_NOT_FOUND) return null;
    throw error;
  }
}

async function createStream(
  connection: ConnectionWatch,
  { replicas = 1, create = true }: JournalOptions,
): Promise<StreamInfo> {
  if (!create) {
    throw new JournalDamaged(
      `nats-server has no stream ${JOURNAL_STREAM}, though commits were acknowledged: it does not find or cannot read its files, and its log says why`,
    );
  }
  try {
    // Of two processes that start together both may ask: the same request twice is one stream.
    return await askJetStream(connection, apiSubject(`STREAM.CREATE.${JOURNAL_STREAM}`), {
      name: JOURNAL_STREAM,
      num_replicas: replicas,
      ...REQUIRED,
      ...ALLOW_DIRECT,
    });
  } catch (error) {
    if (!(error instanceof JetStreamRefusal)) throw error;
    throw new JournalRefused(`stream ${JOURNAL_STREAM} cannot be created: ${error.message}`);
  }
}

/**
 * The position of the journal's last commit, 0 if it is empty.
 * @throws JournalDamaged if commits are missing
 */
export async function journalHead(connection: ConnectionWatch, infoSubject = INFO_SUBJECT): Promise<number> {
  const { state } = await askJetStream<StreamInfo>(connection, infoSubject);
  assertWhole(state);
  return state.last_seq;
}

/** Every subject that holds a commit, sorted. The server answers in pages. */
export async function journalSubjects(
  connection: ConnectionWatch,
  infoSubject = INFO_SUBJECT,
): Promise<readonly string[]> {
  const subjects: string[] = [];
  for (;;) {
    const { state, total = 0 } = await askJetStream<StreamInfo>(connection, infoSubject, {
      subjects_filter: journal.all,
      offset: subjects.length,
    });
    const page = Object.keys(state.subjects ?? {});
    subjects.push(...page);
    if (page.length === 0 || subjects.length >= total) return subjects.sort();
  }
}

/** A flipped bit makes the server drop messages without a word; since nothing may be deleted, the counts show it. */
function assertWhole({ messages, first_seq, last_seq, num_deleted = 0 }: StreamState): void {
  if (last_seq === 0) return;
  if (num_deleted > 0 || first_seq > 1 || messages !== last_seq) {
    throw new JournalDamaged(
      `the journal ends at ${last_seq} and begins at ${first_seq}, but holds ${messages} commits: some are lost; \`waybill doctor\` says which, and only a copy has them`,
    );
  }
}
