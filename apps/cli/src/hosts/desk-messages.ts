/** What a machine asks the process that looks after the nats-server, and what it is told. */
export interface JoinRequest {
  /** A random word that the machine has drawn for itself: a repeated request of the same machine is the same. */
  readonly machine: string;
  readonly hostname: string;
}

export interface DeskCredentials {
  readonly user: string;
  readonly password: string;
}

export interface JoinAnswer {
  readonly agent: DeskCredentials;
  /** To leave again. */
  readonly host: DeskCredentials;
}

export interface LeaveRequest {
  /** Though tasks are still on it. */
  readonly force: boolean;
}

export interface LeaveAnswer {
  readonly left: true;
}

/** ms since the epoch. */
export interface ClockAnswer {
  readonly now: number;
}

export interface DeskRefusal {
  readonly problem: string;
}
