import type { CommandAnswer, ContextRejection } from '#libs/kernel';
import { takeRequest } from '../control-plane/sim-gateway.ts';
import type { CallerRequest } from '../control-plane/sim-gateway.ts';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { Auditor } from '../invariants/auditor.ts';
import type { Chance } from '../world/chance.ts';
import { CALLER_END } from '../world/names.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';

/** A caller gives up an answer after this long and asks again. */
const ANSWER_TIMEOUT_MS = 12_000;
const ATTEMPTS_MAX = 8;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 8_000;

type Unstamped<Request> = Request extends CallerRequest ? Omit<Request, 'commandId' | 'principal'> : never;
/** A request without what the caller adds. */
export type Ask = Unstamped<CallerRequest>;

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

  ask(ask: Ask, heard: (answer: CommandAnswer<ContextRejection>) => void = () => {}): void {
    this.#attempt({ ...ask, commandId: this.#freshId(), principal: 'nats:caller' } as CallerRequest, 1, heard);
  }

  #freshId(): string {
    this.#asked += 1;
    return `call-${this.#asked}`;
  }

  #attempt(request: CallerRequest, attempt: number, heard: (answer: CommandAnswer<ContextRejection>) => void): void {
    const { clock, network, trace, auditor, controlPlanes } = this.#options;
    trace.note(`${request.commandId} asks ${request.command.type}${attempt > 1 ? ` (attempt ${attempt})` : ''}`);
    let over = false;
    const finish = (answer: CommandAnswer<ContextRejection> | null): void => {
      if (answer !== null) auditor.callerHeard(request, answer);
      if (over) return;
      over = true;
      trace.note(`${request.commandId} hears ${answer === null ? 'nothing' : describeAnswer(answer)}`);
      if (answer?.kind === 'accepted' || answer?.kind === 'rejected') this.#settled(request, attempt, answer, heard);
      else this.#again(request, attempt, heard);
    };
    clock.after(ANSWER_TIMEOUT_MS, () => finish(null));
    const there = this.#chance.pick(controlPlanes);
    if (there === undefined) return;
    network.send(CALLER_END, there.name, request, (received) =>
      there.process.run(() =>
        takeRequest(there, received, (answer) => network.send(there.name, CALLER_END, answer, finish)),
      ),
    );
  }

  #settled(
    request: CallerRequest,
    attempt: number,
    answer: CommandAnswer<ContextRejection>,
    heard: (answer: CommandAnswer<ContextRejection>) => void,
  ): void {
    if (answer.kind === 'accepted') this.accepted += 1;
    else this.rejected += 1;
    heard(answer);
    // Some ask again although they know: a work queue that delivers twice, an impatient person.
    if (answer.kind === 'accepted' && attempt < ATTEMPTS_MAX && this.#chance.happens(0.1)) {
      const pauseMs = this.#chance.between(1, 30_000);
      this.#options.clock.after(pauseMs, () => this.#attempt(this.#repeated(request), ATTEMPTS_MAX, () => {}));
    }
  }

  #again(request: CallerRequest, attempt: number, heard: (answer: CommandAnswer<ContextRejection>) => void): void {
    if (attempt >= ATTEMPTS_MAX) {
      this.givenUp += 1;
      return;
    }
    const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt) * (0.5 + this.#chance.next());
    this.#options.clock.after(Math.round(pauseMs), () => this.#attempt(this.#repeated(request), attempt + 1, heard));
  }

  /** The same command id, as a work queue sends it; or only the same client token, as an SDK does. */
  #repeated(request: CallerRequest): CallerRequest {
    const hasToken = 'clientToken' in request.command && request.command.clientToken !== undefined;
    return hasToken && this.#chance.happens(0.5) ? { ...request, commandId: this.#freshId() } : request;
  }
}

function describeAnswer(answer: CommandAnswer<ContextRejection>): string {
  if (answer.kind === 'accepted') return `accepted at ${answer.revision}`;
  return answer.kind === 'rejected' ? `rejected: ${answer.rejection.message}` : `${answer.kind}: ${answer.reason}`;
}
