/** An enum object for type-graphql whose values are its names. */
export function enumOf<const T extends string>(names: readonly T[]): { readonly [K in T]: K } {
  return Object.fromEntries(names.map(name => [name, name])) as { readonly [K in T]: K };
}
