import type { Response } from '#libs/engine';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { Auditor } from '../invariants/auditor.ts';
import type { Chance } from '../world/chance.ts';
import { CALLER_END } from '../world/names.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import { isUncertain, tokenOf } from './caller-request.ts';
import type { CallerRequest } from './caller-request.ts';

/** A caller gives up an answer after this long and asks again. */
const ANSWER_TIMEOUT_MS = 12_000;
const ATTEMPTS_MAX = 8;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 8_000;
const PRINCIPAL = 'nats:caller';

/** A request without what the caller adds. */
export type Ask = Omit<CallerRequest, 'callId' | 'principal'>;

export interface CallersOptions {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly trace: Trace;
  readonly auditor: Auditor;
  readonly controlPlanes: readonly SimControlPlane[];
  readonly chance: Chance;
}

/** Those who send commands: they repeat them when they hear nothing or nothing certain, and sometimes when they need not. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #chance: Chance;
  #asked = 0;
  /** Requests that were accepted. */
  accepted = 0;
  rejected = 0;
  givenUp = 0;

  constructor(options: CallersOptions) {
    this.#options = options;
    this.#chance = options.chance;
  }

  ask(ask: Ask, heard: (response: Response) => void = () => {}): void {
    this.#attempt({ ...ask, callId: this.#freshId(), principal: PRINCIPAL }, 1, heard);
  }

  #freshId(): string {
    this.#asked += 1;
    return `call-${this.#asked}`;
  }

  #attempt(request: CallerRequest, attempt: number, heard: (response: Response) => void): void {
    const { clock, network, trace, auditor, controlPlanes } = this.#options;
    const { callId, operation } = request;
    trace.note(`${callId} asks ${operation}${attempt > 1 ? ` (attempt ${attempt})` : ''}`);
    let over = false;
    const finish = (response: Response | null): void => {
      if (response !== null) auditor.callerHeard(request, response);
      if (over) return;
      over = true;
      trace.note(`${callId} hears ${response === null ? 'nothing' : describeResponse(response)}`);
      if (response !== null && !isUncertain(response)) this.#settled(request, attempt, response, heard);
      else this.#again(request, attempt, heard);
    };
    clock.after(ANSWER_TIMEOUT_MS, () => finish(null));
    const there = this.#chance.pick(controlPlanes);
    if (there === undefined) return;
    network.send(CALLER_END, there.name, request, (received) =>
      there.process.run(() =>
        serve(there, received, (response) => network.send(there.name, CALLER_END, response, finish)),
      ),
    );
  }

  #settled(request: CallerRequest, attempt: number, response: Response, heard: (response: Response) => void): void {
    const isAccepted = 'output' in response;
    if (isAccepted) this.accepted += 1;
    else this.rejected += 1;
    heard(response);
    // Some ask again although they know: a work queue that delivers twice, an impatient person.
    if (isAccepted && attempt < ATTEMPTS_MAX && this.#chance.happens(0.1)) {
      const pauseMs = this.#chance.between(1, 30_000);
      this.#options.clock.after(pauseMs, () => this.#attempt(this.#repeated(request), ATTEMPTS_MAX, () => {}));
    }
  }

  #again(request: CallerRequest, attempt: number, heard: (response: Response) => void): void {
    if (attempt >= ATTEMPTS_MAX) {
      this.givenUp += 1;
      return;
    }
    const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt) * (0.5 + this.#chance.next());
    this.#options.clock.after(Math.round(pauseMs), () => this.#attempt(this.#repeated(request), attempt + 1, heard));
  }

  /** The same call, as a work queue sends it; or only the same client token, as an SDK does. */
  #repeated(request: CallerRequest): CallerRequest {
    const isNewCall = tokenOf(request) !== undefined && this.#chance.happens(0.5);
    return isNewCall ? { ...request, callId: this.#freshId() } : request;
  }
}

function serve(
  { engine }: SimControlPlane,
  { callId, principal, operation, input }: CallerRequest,
  respond: (response: Response) => void,
): void {
  const caller = { principal, source: 'nats', requestId: callId, callId, sent: input } as const;
  engine?.gateway.serve('ecs', operation, input, caller, respond);
}

function describeResponse(response: Response): string {
  return 'output' in response ? 'accepted' : `${response.error.type}: ${response.error.message}`;
}
