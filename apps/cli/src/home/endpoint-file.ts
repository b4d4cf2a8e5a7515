import { homePaths, readTextIfAny, replaceFile } from './home-files.ts';

/** Process ids of what `waybill up` runs; null between two lives. */
export interface ProcessIds {
  readonly up: number | null;
  readonly natsServer: number | null;
  readonly controlPlane: number | null;
  readonly agent: number | null;
}

/**
 * What `<home>/run/endpoint.json` tells other commands. It outlives a stop: the next start takes the same ports, and
 * `waybill env` can say where Waybill will be.
 */
export interface Endpoint {
  readonly endpoint: string;
  /** The API's port on loopback. */
  readonly port: number;
  readonly natsUrl: string;
  readonly natsMonitorUrl: string;
  readonly region: string;
  readonly account: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly pids: ProcessIds;
}

export const NO_PROCESSES: ProcessIds = { up: null, natsServer: null, controlPlane: null, agent: null };

/** What the last start left, or null: there was none, or the file is not one of this version. */
export async function readEndpoint(home: string): Promise<Endpoint | null> {
  const text = await readTextIfAny(homePaths(home).endpoint);
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isEndpoint(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function writeEndpoint(home: string, endpoint: Endpoint): Promise<void> {
  await replaceFile(homePaths(home).endpoint, `${JSON.stringify(endpoint, null, 2)}\n`);
}

function isEndpoint(value: unknown): value is Endpoint {
  if (typeof value !== 'object' || value === null) return false;
  const candidate: Partial<Record<keyof Endpoint, unknown>> = value;
  const texts = ['endpoint', 'natsUrl', 'natsMonitorUrl', 'region', 'account', 'startedAt'] as const;
  return (
    texts.every((member) => typeof candidate[member] === 'string') &&
    Number.isInteger(candidate.port) &&
    typeof candidate.pids === 'object' &&
    candidate.pids !== null
  );
}
