// @ts-check
/** The commands of a Markdown text. Text in, texts out. */

/**
 * The `sh` blocks of one section, up to the next heading of its level.
 *
 * @param {string} markdown
 * @param {string} heading of the second level, without its marks
 * @returns {string[]}
 */
export function shellBlocks(markdown, heading) {
  const lines = markdown.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start === -1) throw new Error(`there is no section "${heading}"`);
  /** @type {string[]} */
  const blocks = [];
  /** @type {string[] | undefined} */
  let block;
  for (const line of lines.slice(start + 1)) {
    if (block === undefined && line.startsWith('## ')) break;
    if (block === undefined) {
      if (line === '```sh') block = [];
    } else if (line === '```') {
      blocks.push(block.join('\n'));
      block = undefined;
    } else {
      block.push(line);
    }
  }
  return blocks;
}
