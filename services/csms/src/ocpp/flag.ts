/** Oddities that are counted per station instead of refused (ocpp.md "Validation"). */
export const FLAGS = [
  'over_long_string',
  'unknown_value',
  'extra_field',
  'null_payload',
  'object_for_array',
  'empty_sampled_value',
  'missing_zone',
  'number_as_string',
  'string_as_number',
  'duplicate_key',
  'unsafe_number',
  'long_message_id',
  'reused_message_id',
  'bad_timestamp',
  'schema_violation',
] as const;
export type Flag = (typeof FLAGS)[number];
