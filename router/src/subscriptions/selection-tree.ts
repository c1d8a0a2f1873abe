import { type DocumentNode, type FragmentDefinitionNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql';

/** Response keys within response keys. */
type Tree = Map<string, Tree>;

/** True where the first document's operation selects no response key that the second does not select. */
export function selectsNothingBeyond(inner: DocumentNode, outer: DocumentNode, operationName?: string): boolean {
  return isWithin(treeOf(inner), treeOf(outer, operationName));
}

function isWithin(inner: Tree, outer: Tree): boolean {
  return [...inner].every(([key, below]) => {
    const same = outer.get(key);
    return same !== undefined && isWithin(below, same);
  });
}

function treeOf(document: DocumentNode, operationName?: string): Tree {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const root: Tree = new Map();
  const add = (set: SelectionSetNode | undefined, tree: Tree): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const below = tree.get(key) ?? new Map();
        tree.set(key, below);
        add(selection.selectionSet, below);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet, tree);
      else add(fragments.get(selection.name.value)?.selectionSet, tree);
    }
  };
  add(getOperationAST(document, operationName)?.selectionSet, root);
  return root;
}
