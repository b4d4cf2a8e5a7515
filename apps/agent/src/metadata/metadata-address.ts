import { execFile } from 'node:child_process';
import { METADATA_ADDRESS, METADATA_PORT } from '#libs/agents/metadata';

const WELL_KNOWN_PORT = 80;
const TABLE = 'waybill-metadata';

/** Runs a program of the machine. @throws what it has written to stderr */
export type RunProgram = (program: string, args: readonly string[], input?: string) => Promise<string>;

/**
 * Gives the machine the address, on the loopback interface. Containers of all network modes with a default route reach it
 * there. It stays when the agent ends: containers run on, and another agent may use it.
 */
export async function addMetadataAddress(run: RunProgram): Promise<void> {
  const shown = await run('ip', ['-o', '-4', 'address', 'show', 'dev', 'lo']);
  if (shown.includes(` ${METADATA_ADDRESS}/32 `)) return;
  try {
    await run('ip', ['address', 'add', `${METADATA_ADDRESS}/32`, 'dev', 'lo', 'scope', 'host']);
  } catch (error) {
    // Another agent has added it meanwhile.
    if (!String(error).includes('File exists')) throw error;
  }
}

/**
 * What comes to port 80 of the address goes to the agent, before Docker may send it to a container that publishes that
 * port; and it comes from this machine or one of its bridges, as containers do: a neighbour in its network could reach an
 * address of the loopback interface, too. The same table, whichever agent has made it.
 */
export function redirectTable(): string {
  const toAgent = `ip daddr ${METADATA_ADDRESS} tcp dport ${WELL_KNOWN_PORT} dnat to ${METADATA_ADDRESS}:${METADATA_PORT}`;
  return `table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
  chain prerouting {
    type nat hook prerouting priority -110;
    ${toAgent}
  }
  chain output {
    type nat hook output priority -110;
    ${toAgent}
  }
  chain input {
    type filter hook input priority -10;
    ip daddr ${METADATA_ADDRESS} iifname "lo" accept
    ip daddr ${METADATA_ADDRESS} meta iifkind "bridge" accept
    ip daddr ${METADATA_ADDRESS} drop
  }
}
`;
}

/** Puts the table in place, as one step. */
export async function redirectWellKnownPort(run: RunProgram): Promise<void> {
  await run('nft', ['-f', '-'], redirectTable());
}

const PROGRAM_TIMEOUT_MS = 10_000;

export const runProgram: RunProgram = (program, args, input) =>
  new Promise((resolve, reject) => {
    const child = execFile(program, [...args], { timeout: PROGRAM_TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    // One that ends without reading says by its exit code what it thought of the input.
    child.stdin?.on('error', () => undefined);
    if (input !== undefined) child.stdin?.end(input);
  });
