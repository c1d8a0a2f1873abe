const placeholders =
  /^(to be filled by o\.?e\.?m\.?|default string|not (specified|applicable|available|provided)|no dimm|none|unknown|undefined|system (serial number|product name|manufacturer)|o\.?e\.?m\.?|invalid|0+|x+|\.*|-*)$/i;

/** A text of the firmware, or null for what vendors write where they had nothing to say. */
export function meaningful(value: string | null): string | null {
  return value === null || placeholders.test(value) ? null : value;
}
