// Prints the SDL of every subgraph, composes it and writes schema/*.graphql. `--check` writes nothing and fails where the
// committed files differ; `--from-files` composes the committed SDL without asking the subgraphs' code. A change that can
// break callers is refused unless `--allow-breaking=NNNN` names the ADR that decides it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { refuseBreaking } from '../breaking.ts';
import { CompositionError } from '../compose.ts';
import { checkConventions } from '../conventions.ts';
import { describeStale, type Generated, generate, writeFiles } from '../generate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const flags = new Set(process.argv.slice(2));
const isCheck = flags.has('--check');
const isFromFiles = flags.has('--from-files');
const ALLOW = '--allow-breaking=';
const allowedBy = [...flags].find(flag => flag.startsWith(ALLOW))?.slice(ALLOW.length);

/** Asks the code of a subgraph for its SDL; the folder has the subgraph's name. */
async function printSubgraph(name: string): Promise<string> {
  const url = new URL(`../../../subgraphs/${name}/src/schema.ts`, import.meta.url);
  const { printSdl } = (await import(url.href)) as { printSdl?: () => string };
  if (!printSdl) throw new Error(`subgraphs/${name}/src/schema.ts does not export printSdl().`);
  return printSdl();
}

/** The texts of the agent's operations: a file of plain texts, imported like the subgraphs' printing. */
async function agentDocuments(): Promise<readonly string[]> {
  const url = new URL('../../../agent/src/operations.ts', import.meta.url);
  const operations = Object.values((await import(url.href)) as Record<string, { document?: unknown }>);
  return operations.flatMap(({ document }) => (typeof document === 'string' ? [document] : []));
}

/** The public schema of the last commit: what is not committed yet, nobody can be using. */
function committedApi(): string | undefined {
  try {
    return execFileSync('git', ['show', 'HEAD:schema/api.graphql'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // an unpacked archive has no history: its file stands for the commit
    return undefined;
  }
}

function report(generated: Generated): boolean {
  for (const change of generated.changes) console.warn(change);
  for (const problem of generated.agentProblems) console.error(problem);
  const problems = checkConventions(generated.supergraph);
  for (const { where, problem } of problems) console.error(`${where} ${problem}`);
  return (problems.length === 0 || isFromFiles) && generated.agentProblems.length === 0;
}

function finish(generated: Generated): boolean {
  if (!isCheck) {
    const refusal = refuseBreaking(root, generated.changes, allowedBy);
    if (refusal) {
      console.error(refusal);
      return false;
    }
    for (const path of writeFiles(root, generated)) console.log(`wrote ${path}`);
    return true;
  }
  const stale = describeStale(generated);
  for (const line of stale) console.error(line);
  if (stale.length > 0) console.error('Run npm run schema and commit what it writes.');
  return stale.length === 0;
}

try {
  const generated = await generate(root, {
    sdlOf: isFromFiles ? async () => undefined : printSubgraph,
    agentDocuments: await agentDocuments(),
    knownApi: committedApi(),
  });
  const isFine = report(generated);
  process.exitCode = finish(generated) && isFine ? 0 : 1;
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
