import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** Instant in time, UTC, RFC 3339; a Date inside. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'Instant in time, UTC, RFC 3339.',
});

/** Whole number beyond 32 bits: a JSON number where it fits, else a string; a number or bigint inside. */
export const BigIntScalar = new GraphQLScalarType<bigint, number | string>({
  name: 'BigInt',
  description:
    'Whole number beyond 32 bits: a JSON number where it is exact (up to 2^53 - 1), else a string of digits.',
  serialize: value => toWire(toBigInt(value)),
  parseValue: toBigInt,
  parseLiteral: node => toBigInt(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
});

/** Any JSON value, handed over as it is. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: value => value,
  parseValue: value => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

function toBigInt(value: unknown): bigint {
  const isWhole =
    typeof value === 'bigint' ||
    Number.isSafeInteger(value) ||
    (typeof value === 'string' && /^-?\d{1,19}$/.test(value));
  if (!isWhole) throw new GraphQLError('BigInt takes whole numbers only.');
  return BigInt(value as string);
}

function toWire(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
