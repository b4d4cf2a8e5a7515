import { accept, agentsProtocol, reject, shardKind } from '#libs/kernel';
import type {
  AgentsProtocol,
  BoundedContext,
  Commit,
  ContextViews,
  Decider,
  DomainCommand,
  DomainEvent,
  Effect,
} from '#libs/kernel';

/*
 * A context of streets, one shard `lamps.<street>` each, whose lamps are lit by agents: what the engine knows of agents
 * is no more than this.
 */

interface Join extends DomainCommand {
  readonly type: 'Join';
  readonly lamp: string;
  readonly sessionId: string;
}
interface Leave extends DomainCommand {
  readonly type: 'Leave';
  readonly lamp: string;
  readonly sessionId: string;
}
interface Light extends DomainCommand {
  readonly type: 'Light';
  readonly lamp: string;
}
interface Tick extends DomainCommand {
  readonly type: 'Tick';
}
type Command = Join | Leave | Light | Tick;
interface Joined extends DomainEvent {
  readonly type: 'Joined';
  readonly lamp: string;
  readonly sessionId: string;
}
interface Left extends DomainEvent {
  readonly type: 'Left';
  readonly lamp: string;
}
interface Lit extends DomainEvent {
  readonly type: 'Lit';
  readonly lamp: string;
}
interface TermStarted extends DomainEvent {
  readonly type: 'TermStarted';
  readonly term: number;
}
type Event = Joined | Left | Lit | TermStarted;
interface Shine extends Effect {
  readonly kind: 'shine';
  readonly lamp: string;
  readonly version: number;
}
interface Lamp {
  sessionId: string | null;
  version: number;
}
interface Street {
  readonly lamps: Map<string, Lamp>;
}
interface Refusal {
  readonly code: string;
  readonly message: string;
}

const decider: Decider<Street, Command, Event, Refusal, Shine> = {
  version: 1,
  events: { Joined: { v: 1 }, Left: { v: 1 }, Lit: { v: 1 }, TermStarted: { v: 1 } },
  initialState: () => ({ lamps: new Map() }),
  decide: ({ lamps }, command) => {
    switch (command.type) {
      case 'Tick':
        return accept();
      case 'Join':
        return accept({ type: 'Joined', v: 1, lamp: command.lamp, sessionId: command.sessionId });
      case 'Leave':
        return lamps.get(command.lamp)?.sessionId === command.sessionId
          ? accept({ type: 'Left', v: 1, lamp: command.lamp })
          : accept();
      case 'Light':
        return lamps.has(command.lamp)
          ? accept({ type: 'Lit', v: 1, lamp: command.lamp })
          : reject({ code: 'NoLamp', message: command.lamp });
    }
  },
  evolve: ({ lamps }, event) => {
    if (event.type === 'TermStarted') return;
    const lamp = lamps.get(event.lamp) ?? { sessionId: null, version: 0 };
    lamps.set(event.lamp, lamp);
    if (event.type === 'Joined') lamp.sessionId = event.sessionId;
    else if (event.type === 'Left') lamp.sessionId = null;
    else lamp.version += 1;
  },
  effects: ({ lamps }, event) =>
    event.type === 'Lit' ? [{ kind: 'shine', lamp: event.lamp, version: lamps.get(event.lamp)?.version ?? 0 }] : [],
  sagas: [],
  answer: () => null,
  tooLarge: (bytes) => ({ code: 'TooLarge', message: `${bytes} bytes` }),
  termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
  nextDeadline: () => null,
  elapse: () => ({ type: 'Tick' }),
};

const PREFIX = 'lamps.';

const agents: AgentsProtocol<Street, Command, Shine> = {
  shardOf: (street) => PREFIX + street,
  groupOf: (shard) => (shard.startsWith(PREFIX) ? shard.slice(PREFIX.length) : null),
  requests: new Map([
    [
      'version',
      {
        queue: 'reading',
        plan: (_payload, { host }) => ({
          kind: 'read',
          read: ({ lamps }, term) => ({ version: lamps.get(host)?.version ?? 0, term }),
        }),
      },
    ],
    [
      'join',
      {
        queue: null,
        plan: (payload, { host }) => {
          if (typeof payload !== 'string') return { kind: 'refused', answer: { refused: 'not a session' } };
          return {
            kind: 'command',
            command: { type: 'Join', lamp: host, sessionId: payload },
            opens: payload,
            answer: ({ kind }, term) => ({ joined: kind, term }),
          };
        },
      },
    ],
  ]),
  absent: (street) => ({ absent: street }),
  unavailable: { unavailable: true },
  heartbeat: (payload) => (typeof payload === 'string' ? { sessionId: payload, version: 0 } : null),
  heard: ({ lamps }, host, { sessionId }, term) => {
    const verdict = lamps.get(host)?.sessionId === sessionId ? 'alive' : 'lost';
    return { verdict, directive: verdict === 'alive' ? null : { joinAgain: sessionId, term } };
  },
  silenceMs: 5_000,
  connected: ({ lamps }) =>
    [...lamps].flatMap(([host, { sessionId }]) => (sessionId === null ? [] : [{ host, sessionId }])),
  silent: ({ host, sessionId }) => ({ type: 'Leave', lamp: host, sessionId }),
  directives: (effects, term) => effects.map(({ lamp, version }) => ({ host: lamp, message: { version, term } })),
};

/** Knows nothing but how far it has come. */
class Progress implements ContextViews {
  readonly #revisions = new Map<string, number>();
  readonly halted = [];

  apply({ shard, revision }: Commit<DomainEvent>): 'applied' {
    this.#revisions.set(shard, revision);
    return 'applied';
  }

  revisionOf(shard: string): number {
    return this.#revisions.get(shard) ?? 0;
  }

  haltOf(): null {
    return null;
  }

  contentOf(): null {
    return null;
  }
}

const MAIN_STREET = `${PREFIX}main`;

export const lampsContext: BoundedContext = {
  name: 'lamps',
  services: [],
  shardKinds: [
    shardKind({
      name: 'street',
      owns: (shard) => shard.startsWith(PREFIX),
      isIndispensable: false,
      decider,
      snapshot: {
        version: 1,
        encode: ({ lamps }) => [...lamps].map(([lamp, { sessionId, version }]) => ({ lamp, sessionId, version })),
        decode: (data) => ({
          lamps: new Map((data as (Lamp & { lamp: string })[]).map(({ lamp, ...rest }) => [lamp, rest])),
        }),
      },
      opens: ({ type }) => type === 'Join',
    }),
  ],
  createViews: () => new Progress(),
  operations: new Map([
    [
      'Light',
      {
        isQuery: false,
        authorisation: () => ({ action: 'lamps:Light', resources: ['*'] }),
        plan: (input) => ({
          kind: 'command',
          submit: {
            shard: PREFIX + String(input['street']),
            command: { type: 'Light', lamp: String(input['lamp']) } as Light,
          },
          output: () => ({ value: {} }),
        }),
      },
    ],
  ]),
  error: ({ code, message }) => ({ type: code, message, httpStatus: 400 }),
  policies: [],
  publicEvents: () => ({ of: () => [], gathered: () => [] }),
  audit: null,
  agents: () => agentsProtocol(agents),
  setup: (views) => {
    const command: Join = { type: 'Join', lamp: 'first', sessionId: 'at-the-start' };
    return views.revisionOf(MAIN_STREET) > 0 ? [] : [{ shard: MAIN_STREET, command }];
  },
};
