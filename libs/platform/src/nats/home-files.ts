import { join } from 'node:path';

/** Where the nats-server's parts live below the product's data folder. */
export function natsPaths(home: string) {
  return {
    config: join(home, 'nats', 'nats-server.conf'),
    store: join(home, 'nats'),
    /** There while `waybill doctor` puts a repaired store into the place of the old one. */
    storeExchange: join(home, 'nats', 'doctor-exchange.json'),
    credentials: join(home, 'credentials', 'nats.json'),
    log: join(home, 'logs', 'nats-server.log'),
    portsFolder: join(home, 'run', 'nats-ports'),
    pid: join(home, 'run', 'nats-server.pid'),
    state: join(home, 'run', 'nats-server.json'),
  };
}
