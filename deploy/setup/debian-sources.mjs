// @ts-check
/**
 * From the machine's own package sources to the same mirrors' sources of another Debian release. Text in, text out.
 *
 * Mirrors, proxies and keys stay the operator's; nothing here names a host. `Trusted` and the like are not carried over,
 * so a signature is always checked.
 */

/**
 * @typedef {object} Source one entry of sources.list or one paragraph of a .sources file
 * @property {readonly string[]} types
 * @property {readonly string[]} uris
 * @property {readonly string[]} suites
 * @property {readonly string[]} components
 * @property {string} signedBy keyring path, or '' for the machine's trusted keys
 * @property {Readonly<Record<string, string>>} checks fields that say how dates are checked
 */

const CHECK_FIELDS = ['check-valid-until', 'check-date'];
/** Names that move from release to release; a machine's sources may say these instead of its code name. */
const MOVING_NAMES = ['stable', 'oldstable', 'testing', 'unstable', 'sid'];

/** @param {string} text */
const words = (text) => text.split(/\s+/).filter((word) => word !== '');

/**
 * The deb822 form: `*.sources`.
 *
 * @param {string} text
 * @returns {Source[]}
 */
export function parseDeb822(text) {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const paragraphs = lines.join('\n').split(/\n\s*\n/);
  return paragraphs
    .map(fieldsOf)
    .filter((fields) => fields['types'] !== undefined && !/^(no|false|0|off)$/i.test(fields['enabled'] ?? ''))
    .map((fields) => ({
      types: words(fields['types'] ?? ''),
      uris: words(fields['uris'] ?? ''),
      suites: words(fields['suites'] ?? ''),
      components: words(fields['components'] ?? ''),
      signedBy: fields['signed-by'] ?? '',
      checks: Object.fromEntries(Object.entries(fields).filter(([name]) => CHECK_FIELDS.includes(name))),
    }));
}

/**
 * Field names are not case-sensitive; a line that starts with a blank goes on with the field above.
 *
 * @param {string} paragraph
 * @returns {Record<string, string>}
 */
function fieldsOf(paragraph) {
  /** @type {Record<string, string>} */
  const fields = {};
  let name = '';
  for (const line of paragraph.split('\n')) {
    const field = /^([^\s:]+)\s*:\s*(.*)$/.exec(line);
    if (field !== null) {
      name = (field[1] ?? '').toLowerCase();
      fields[name] = (field[2] ?? '').trim();
    } else if (name !== '') {
      fields[name] = `${fields[name]} ${line.trim()}`.trim();
    }
  }
  return fields;
}

/**
 * The one-line form: `sources.list` and `*.list`.
 *
 * @param {string} text
 * @returns {Source[]}
 */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const entry = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (entry === null) return [];
    const [, type = '', options = '', uri = '', suite = '', components = ''] = entry;
    const fields = Object.fromEntries(words(options).map((option) => option.toLowerCase().split(/[+-]?=/, 2)));
    return [
      {
        types: [type],
        uris: [uri],
        suites: [suite],
        components: words(components),
        // Paths are case-sensitive: read again from the text as it stands.
        signedBy: /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1] ?? '',
        checks: Object.fromEntries(Object.entries(fields).filter(([name]) => CHECK_FIELDS.includes(name))),
      },
    ];
  });
}

/**
 * The Debian sources among those of the machine, for another release. Only the release itself and its security updates:
 * what a mirror may lack (-updates, -backports) is not asked for.
 *
 * @param {readonly Source[]} sources
 * @param {string} codename the running release
 * @param {string} wanted the release to fetch from
 * @returns {string} a `.sources` file, or '' if the machine has no Debian source
 */
export function sourcesOfRelease(sources, codename, wanted) {
  const paragraphs = sources.filter(isDebianBinary).flatMap((source) => {
    const suites = source.suites.flatMap((suite) => suiteOfRelease(suite, codename, wanted));
    if (suites.length === 0) return [];
    return [
      [
        'Types: deb',
        `URIs: ${source.uris.join(' ')}`,
        `Suites: ${[...new Set(suites)].join(' ')}`,
        'Components: main',
        // Nothing but the package index: no translations, no desktop catalogues.
        'Targets: Packages',
        ...(source.signedBy === '' ? [] : [`Signed-By: ${source.signedBy}`]),
        ...Object.entries(source.checks).map(([name, value]) => `${name}: ${value}`),
      ].join('\n'),
    ];
  });
  return paragraphs.length === 0 ? '' : `${paragraphs.join('\n\n')}\n`;
}

/**
 * Other publishers name their suites after Debian's too. Debian's own entries have the component main, and are signed by
 * Debian's archive keyring where a keyring is named.
 *
 * @param {Source} source
 */
function isDebianBinary(source) {
  const signedByDebian = source.signedBy === '' || source.signedBy.includes('debian-archive');
  return source.types.includes('deb') && source.components.includes('main') && signedByDebian;
}

/**
 * @param {string} suite
 * @param {string} codename
 * @param {string} wanted
 * @returns {string[]} none for suites of other publishers and for those we do not need
 */
function suiteOfRelease(suite, codename, wanted) {
  const [, name = '', suffix = ''] = /^([a-z]+)(-security|\/updates)?$/.exec(suite) ?? [];
  if (name !== codename && !MOVING_NAMES.includes(name)) return [];
  return [`${wanted}${suffix === '' ? '' : '-security'}`];
}
