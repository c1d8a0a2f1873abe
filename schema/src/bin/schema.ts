// Prints the SDL of every subgraph, composes it and writes schema/*.graphql. `--check` writes nothing and fails where the
// committed files differ; `--from-files` composes the committed SDL without asking the subgraphs' code.
import { fileURLToPath } from 'node:url';
import { CompositionError } from '../compose.ts';
import { checkConventions } from '../conventions.ts';
import { describeStale, type Generated, generate, writeFiles } from '../generate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const flags = new Set(process.argv.slice(2));
const isCheck = flags.has('--check');
const isFromFiles = flags.has('--from-files');

/** Asks the code of a subgraph for its SDL; the folder has the subgraph's name. */
async function printSubgraph(name: string): Promise<string> {
  const url = new URL(`../../../subgraphs/${name}/src/schema.ts`, import.meta.url);
  const { printSdl } = (await import(url.href)) as { printSdl?: () => string };
  if (!printSdl) throw new Error(`subgraphs/${name}/src/schema.ts does not export printSdl().`);
  return printSdl();
}

function report(generated: Generated): boolean {
  for (const change of generated.changes) console.warn(change);
  const problems = checkConventions(generated.supergraph);
  for (const { where, problem } of problems) console.error(`${where} ${problem}`);
  return problems.length === 0 || isFromFiles;
}

function finish(generated: Generated): boolean {
  if (!isCheck) {
    for (const path of writeFiles(root, generated)) console.log(`wrote ${path}`);
    return true;
  }
  const stale = describeStale(generated);
  for (const line of stale) console.error(line);
  if (stale.length > 0) console.error('Run npm run schema and commit what it writes.');
  return stale.length === 0;
}

try {
  const generated = await generate(root, isFromFiles ? async () => undefined : printSubgraph);
  const isFine = report(generated);
  process.exitCode = finish(generated) && isFine ? 0 : 1;
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
