import { AGENT_NODE_ARGUMENTS } from '#libs/platform';

/** What the unit of a host that has joined is made of. */
export interface AgentUnit {
  readonly node: string;
  readonly productFolder: string;
  readonly entry: string;
  readonly envFile: string;
  /** How long it may take to end. */
  readonly stopSeconds: number;
}

/** As root: an agent with access to the engine's socket could do everything anyway, and networks of tasks need it. */
export function agentUnit({ node, productFolder, entry, envFile, stopSeconds }: AgentUnit): string {
  return `[Unit]
Description=Waybill agent of this host
After=network-online.target docker.service
Wants=network-online.target docker.service

[Service]
EnvironmentFile=${envFile}
Environment=NODE_ENV=production
WorkingDirectory=${productFolder}
ExecStart=${quoted(node)} ${AGENT_NODE_ARGUMENTS.join(' ')} ${quoted(entry)}
# Containers belong to the engine: they run on while this restarts, and it adopts them by their labels.
Restart=always
RestartSec=1s
TimeoutStopSec=${stopSeconds}s
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** Lines of an EnvironmentFile: values in double quotes, so that blanks and hashes are their own. */
export function environmentFile(env: NodeJS.ProcessEnv): string {
  return Object.entries(env)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quoted(value)}\n`]))
    .join('');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"$`]/g, (character) => `\\${character}`)}"`;
}
