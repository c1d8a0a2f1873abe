// Who may import whom: ui → schema ← agent; router → kit, schema; a subgraph → kit; stack → everything that can be started.
const forbid = (name, comment, ...[from, to]) => ({ name, comment, severity: 'error', from, to });
const inside = folder => `^${folder}/`;

// What the accounts service shows of itself, a folder per noun.
const ACCOUNTS = '(access|accounts|api-keys|audit|organizations|roles|sessions|users)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid(
      'no-cycles',
      'Two files that need each other are one file, or three.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'kit-knows-nobody',
      'Kit is below everything: it imports no other package of ours.',
      { path: inside('subgraphs/kit') },
      { path: '^(schema|router|agent|ui|stack|subgraphs/(?!kit/))' },
    ),
    forbid(
      'subgraph-imports-kit-only',
      'A subgraph imports itself and kit.',
      { path: '^subgraphs/(?!kit/)([^/]+)/' },
      { path: '^(schema|router|agent|ui|stack|subgraphs)/', pathNot: '^subgraphs/(kit|$1)/' },
    ),
    forbid(
      'router-imports-kit-and-schema',
      'The router imports kit and schema.',
      { path: inside('router') },
      { path: '^(agent|ui|stack|subgraphs/(?!kit/))' },
    ),
    forbid(
      'schema-imports-nobody',
      'The contract stands on nothing of ours.',
      { path: inside('schema') },
      { path: '^(router|agent|ui|stack|subgraphs)/' },
    ),
    forbid(
      'agent-and-ui-import-schema-only',
      'What agent and console share with the server is the schema.',
      { path: '^(agent|ui)/' },
      { path: '^(router|stack|subgraphs)/' },
    ),
    forbid(
      'nobody-imports-agent-ui-or-stack',
      'They are ends.',
      { pathNot: '^(agent|ui|stack)/' },
      { path: '^(agent|ui|stack)/' },
    ),
    forbid(
      'agent-needs-no-graphql',
      'The agent’s bundle carries no GraphQL implementation.',
      { path: inside('agent/src'), pathNot: ['\\.test\\.ts$', '/testing/'] },
      { path: 'node_modules/graphql/' },
    ),
    forbid(
      'rules-know-no-graphql',
      'Rules and stores are below the doors: only doors import resolvers.',
      {
        path: '^subgraphs/(?!kit/)',
        pathNot: ['\\.resolver\\.ts$', '/(main|schema)\\.ts$', '\\.test\\.ts$', '/testing/'],
      },
      { path: '\\.resolver\\.ts$' },
    ),
    forbid(
      'design-is-the-lowest-tier',
      'Design knows no feature and no route.',
      { path: inside('ui/src/design') },
      { path: '^ui/src/(features|routes|graph|session)/' },
    ),
    forbid(
      'features-know-no-routes',
      'Routes compose features, never the other way round.',
      { path: inside('ui/src/features') },
      { path: inside('ui/src/routes') },
    ),
    forbid(
      'features-know-no-other-feature',
      'What two features share is design, graph or session.',
      { path: '^ui/src/features/([^/]+)/', pathNot: `^ui/src/features/${ACCOUNTS}/` },
      { path: '^ui/src/features/', pathNot: '^ui/src/features/$1/' },
    ),
    forbid(
      'accounts-features-know-only-themselves',
      'The pages of the accounts service share scopes, permissions and sessions among themselves.',
      { path: `^ui/src/features/${ACCOUNTS}/` },
      { path: '^ui/src/features/', pathNot: `^ui/src/features/${ACCOUNTS}/` },
    ),
    forbid(
      'tests-stay-in-tests',
      'No production file imports a test.',
      { pathNot: ['\\.test\\.ts$', '/testing/', '/e2e/', '^bench/'] },
      { path: ['\\.test\\.ts$', '/testing/'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build|\\.svelte-kit)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'svelte', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.svelte'],
    },
  },
};
