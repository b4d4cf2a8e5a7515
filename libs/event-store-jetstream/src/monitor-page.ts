import type { NatsConnection } from '@nats-io/transport-node';

/** What `/varz` of a nats-server says that matters to the journal. Older servers leave members out. */
export interface Varz {
  readonly server_id?: string;
  readonly server_name?: string;
  readonly cluster?: { readonly name?: string };
  readonly jetstream?: {
    readonly config?: {
      readonly sync_always?: boolean;
      readonly max_storage?: number;
      readonly store_dir?: string;
    };
    readonly stats?: { readonly storage?: number };
  };
}

export const DEFAULT_MONITOR_PORT = 8222;
const MONITOR_TIMEOUT_MS = 5_000;

/** Reads the monitoring page of a nats-server. @throws an error of the HTTP client, or of JSON */
export async function readVarz(url: string): Promise<Varz> {
  const response = await fetch(new URL('/varz', url), { signal: AbortSignal.timeout(MONITOR_TIMEOUT_MS) });
  return (await response.json()) as Varz;
}

/** Port 8222 on the connected server's host. */
export function defaultMonitorUrl(nc: NatsConnection): string {
  const { hostname } = new URL(`nats://${nc.getServer()}`);
  return `http://${hostname}:${DEFAULT_MONITOR_PORT}`;
}
