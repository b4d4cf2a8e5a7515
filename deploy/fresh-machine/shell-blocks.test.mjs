// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { shellBlocks } from './shell-blocks.mjs';

const TEXT = `# Product

## Start

\`\`\`sh
npm start
\`\`\`

Then:

\`\`\`sh
cat > a <<'X'
## not a heading
X
second
\`\`\`

\`\`\`json
{}
\`\`\`

### Below

\`\`\`sh
third
\`\`\`

## Stop

\`\`\`sh
stop
\`\`\`
`;

test('the blocks of a section are its own, in order, and only those of sh', () => {
  assert.deepEqual(shellBlocks(TEXT, 'Start'), ['npm start', "cat > a <<'X'\n## not a heading\nX\nsecond", 'third']);
  assert.deepEqual(shellBlocks(TEXT, 'Stop'), ['stop']);
  assert.throws(() => shellBlocks(TEXT, 'Else'), /no section "Else"/);
});

test('the README has the sections that are walked through', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  assert.equal(shellBlocks(readme, 'Start')[0], 'npm start');
  for (const section of ['Stop', 'Start over']) assert.equal(shellBlocks(readme, section).length, 1);
});
