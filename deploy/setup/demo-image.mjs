// @ts-check
/**
 * `waybill/demo:1` and `waybill/demo:2`: two versions of a tiny web server, made here from a static busybox, so that the
 * demo and the tests pull nothing. `deploy/README.md` says what it answers.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ensureStaticBusybox } from './busybox.mjs';
import { call } from './docker-api.mjs';
import { SetupError } from './progress.mjs';
import { tar } from './tar.mjs';

const DEMO_REPOSITORY = 'waybill/demo';
const DEMO_VERSIONS = ['1', '2'];
const REVISION_LABEL = 'waybill.demo.revision';
const IMPORT_TIMEOUT_MS = 120_000;

const APPLETS =
  'ash awk basename cat chmod cp cut date dd dirname echo env expr false find free grep head hostname httpd id ip kill ln ' +
  'ls md5sum mkdir mount mv nc netstat nproc nslookup printf ps pwd readlink realpath rm sed seq sh sha256sum sleep ' +
  'sort stat sync tail tee test time timeout top touch tr true uname uniq uptime usleep wc wget which whoami xargs yes';

/**
 * PID 1 has no default action for signals, so httpd alone would ignore SIGTERM until Docker kills it. The shell takes the
 * signal, ends the server and exits with 0; a server that ends by itself passes its code on.
 */
const SERVE = `#!/bin/sh
trap 'kill -TERM "$server"; wait "$server" 2>/dev/null; exit 0' TERM INT
httpd -f -p "\${PORT:-8080}" -h /www &
server=$!
wait "$server"
`;
/** The page of \`/\`. */
const INDEX = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "waybill demo, version \${DEMO_VERSION}, on $(hostname)"
`;
/** One NAME=value a line, for programs that read it: the two facts first, then the whole environment. */
const WHO_AM_I = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "hostname=$(hostname)"
echo "version=\${DEMO_VERSION}"
env | sort
`;

/** @type {readonly (readonly [path: string, mode: number, text: string])[]} */
const FILES = [
  ['bin/serve', 0o755, SERVE],
  ['etc/passwd', 0o644, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n'],
  ['etc/group', 0o644, 'root:x:0:\nnogroup:x:65534:\n'],
  ['www/cgi-bin/index.cgi', 0o755, INDEX],
  ['www/cgi-bin/whoami', 0o755, WHO_AM_I],
  ['www/healthz', 0o644, 'ok\n'],
];
const FOLDERS = ['bin', 'etc', 'root', 'www', 'www/cgi-bin'];

/** @param {string} version */
const imageConfig = (version) => [
  'ENV PATH=/bin',
  `ENV DEMO_VERSION=${version}`,
  'EXPOSE 8080',
  'WORKDIR /',
  'CMD ["/bin/serve"]',
];

/** Changes when anything of the recipe does; the busybox of the day is no part of it. */
const demoRevision = createHash('sha256')
  .update(JSON.stringify([APPLETS, FILES, FOLDERS, imageConfig('')]))
  .digest('hex')
  .slice(0, 16);

/**
 * @param {import('./context.mjs').SetupContext} context
 * @param {{ dockerHost: string }} docker
 * @returns {Promise<{ images: string[] }>}
 */
export async function ensureDemoImage(context, { dockerHost }) {
  const { env, log } = context;
  const current = await Promise.all(DEMO_VERSIONS.map((version) => isCurrent(dockerHost, env, version)));
  const wanted = DEMO_VERSIONS.filter((_, index) => !current[index]);
  const images = DEMO_VERSIONS.map((version) => `${DEMO_REPOSITORY}:${version}`);
  if (wanted.length === 0) {
    log.present(`demo images ${images.join(', ')}`);
    return { images };
  }
  const root = rootFiles(await ensureStaticBusybox(context));
  await log.step(
    `make the demo images ${wanted.map((version) => `${DEMO_REPOSITORY}:${version}`).join(', ')}`,
    async () => {
      for (const version of wanted) await importImage(dockerHost, env, version, root);
    },
  );
  return { images };
}

/**
 * @param {string} dockerHost
 * @param {NodeJS.ProcessEnv} env
 * @param {string} version
 */
async function isCurrent(dockerHost, env, version) {
  const { status, body } = await call(dockerHost, env, `/images/${DEMO_REPOSITORY}:${version}/json`);
  if (status === 404) return false;
  if (status !== 200) throw new SetupError(`the Docker engine answered ${status} when asked for an image`, body);
  return JSON.parse(body).Config?.Labels?.[REVISION_LABEL] === demoRevision;
}

/** @param {string} busybox */
function rootFiles(busybox) {
  return tar([
    ...FOLDERS.map((path) => ({ type: /** @type {const} */ ('folder'), path, mode: 0o755 })),
    { type: 'folder', path: 'tmp', mode: 0o1777 },
    { type: 'file', path: 'bin/busybox', mode: 0o755, content: readFileSync(busybox) },
    ...APPLETS.split(' ').map((name) => ({
      type: /** @type {const} */ ('link'),
      path: `bin/${name}`,
      target: 'busybox',
    })),
    ...FILES.map(([path, mode, text]) => ({
      type: /** @type {const} */ ('file'),
      path,
      mode,
      content: Buffer.from(text),
    })),
  ]);
}

/**
 * An import, not a build: one call without a builder, the same on every engine version.
 *
 * @param {string} dockerHost
 * @param {NodeJS.ProcessEnv} env
 * @param {string} version
 * @param {Buffer} root
 */
async function importImage(dockerHost, env, version, root) {
  const query = new URLSearchParams({ fromSrc: '-', repo: DEMO_REPOSITORY, tag: version, message: 'waybill set-up' });
  for (const change of [...imageConfig(version), `LABEL ${REVISION_LABEL}=${demoRevision}`])
    query.append('changes', change);
  const options = { method: 'POST', body: root, contentType: 'application/x-tar', timeoutMs: IMPORT_TIMEOUT_MS };
  const { status, body } = await call(dockerHost, env, `/images/create?${query}`, options);
  // The engine begins its answer before it knows the end, so an error may come with status 200.
  if (status !== 200 || body.includes('"error"')) {
    throw new SetupError(`the Docker engine refused the image ${DEMO_REPOSITORY}:${version} (status ${status})`, body);
  }
}
