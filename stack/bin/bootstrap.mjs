#!/usr/bin/env node
// The door of the project: runs on any Node from 20 on before anything is installed, so it is plain JavaScript
// on node: modules only. It installs what is missing and hands over to the project's own Node.

const supported = ['linux', 'darwin'];

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Muster needs Node 20 or newer to start, and this is ${process.version}: https://nodejs.org/`);
  process.exit(1);
}
if (!supported.includes(process.platform)) {
  console.error(`Muster runs on Linux and macOS; on ${process.platform}, start it in WSL 2 or a container.`);
  process.exit(1);
}

import('./commands.mjs')
  .then(({ runCommand }) => runCommand(process.argv.slice(2)))
  .then(code => process.exit(code))
  .catch(error => {
    console.error(error.isExpected ? error.message : error);
    process.exit(1);
  });
