import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Oldest Node that runs the bundle. */
const node = '22.0.0';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const file = here('dist/muster-agent.mjs');
const ws = dirname(createRequire(import.meta.url).resolve('ws'));

/** The agent is a client that negotiates no extension: the server half of ws, its header parser and zlib stay out. */
const unused = {
  '/permessage-deflate': "module.exports = class { static extensionName = 'permessage-deflate' };",
  '/extension': 'module.exports = {};',
};
/** An import would read every export, also those whose first use loads an HTTP client and Web Crypto: 4 MiB. */
const costlyImports = new Set(['node:crypto', 'node:http']);
const clientOnly = {
  name: 'client-only',
  resolveId(id, _importer, { kind }) {
    if (costlyImports.has(id) && kind === 'import-statement') return `\0builtin/${id}.cjs`;
    if (id === 'ws') return join(ws, 'lib/websocket.js');
    const part = Object.keys(unused).find(part => id === `.${part}`);
    return part ? `\0unused${part}.cjs` : null;
  },
  load(id) {
    const builtin = /^\0builtin\/(.*)\.cjs$/.exec(id)?.[1];
    if (builtin) return `module.exports = require('${builtin}');`;
    return unused[id.replace(/^\0unused(.*)\.cjs$/, '$1')] ?? null;
  },
};

const build = await rolldown({
  input: here('src/main.ts'),
  platform: 'node',
  treeshake: { moduleSideEffects: id => id.endsWith('lean.ts') },
  plugins: [clientOnly],
  // Native speed-ups of ws, which are not there on a bare Node.
  transform: {
    target: 'node22',
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  },
});
const minify = {
  compress: { target: 'node22' },
  mangle: true,
  // Names that ws keeps to itself; those that Node's streams know stay.
  mangleProps: { include: /^_[a-z]/, exclude: /^_(readableState|writableState|write|errored|original\w*)$/ },
  codegen: { legalComments: 'none' },
};
await build.write({
  file,
  format: 'esm',
  minify,
  comments: false,
  banner: '#!/usr/bin/env node',
  codeSplitting: false,
});
await build.close();

/** What a server offers under /agent/: the bundle, what starts it, and by what an installer knows both. */
const describe = async name => {
  const content = await readFile(here(`dist/${name}`));
  return { file: name, size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
};
for (const name of ['install.sh', 'muster-agent.service'])
  await copyFile(here(`packaging/${name}`), here(`dist/${name}`));
const { version } = JSON.parse(await readFile(here('package.json'), 'utf8'));
const manifest = {
  version,
  node,
  ...(await describe('muster-agent.mjs')),
  unit: await describe('muster-agent.service'),
};
await writeFile(here('dist/manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
