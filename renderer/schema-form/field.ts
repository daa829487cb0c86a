/** What a part of a JSON schema is edited with. What has no form of its own is edited as JSON. */
export type Field =
  | { kind: 'text' }
  | { kind: 'number'; integer: boolean; minimum?: number; maximum?: number }
  | { kind: 'flag' }
  | { kind: 'choice'; options: Primitive[] }
  | { kind: 'list'; item: Field }
  | { kind: 'group'; members: Member[] }
  | { kind: 'json' };

export type Primitive = string | number | boolean | null;

/** A property of an object. */
export interface Member {
  name: string;
  field: Field;
  required: boolean;
  description?: string;
}

type Schema = Record<string, unknown>;

const json: Field = { kind: 'json' };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPrimitive = (value: unknown): value is Primitive => value === null || typeof value !== 'object';

/**
 * The form for `value` by its schema: strings, numbers, integers, booleans, enumerations, lists and objects of these. Anything else in
 * the schema, and any part of the value that does not fit it, becomes JSON, so that nothing is lost by showing it.
 */
export function fieldOf(schema: unknown, value: unknown): Field {
  const field = isRecord(schema) ? bySchema(schema, value) : json;
  return value === undefined || fits(field, value) ? field : json;
}

function bySchema(schema: Schema, value: unknown): Field {
  if ('const' in schema && isPrimitive(schema.const)) return { kind: 'choice', options: [schema.const] };
  if (Array.isArray(schema.enum)) {
    const options = schema.enum.filter(isPrimitive);
    return options.length === schema.enum.length && options.length > 0 ? { kind: 'choice', options } : json;
  }
  if (['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'patternProperties'].some((word) => word in schema)) return json;
  switch (schema.type) {
    case 'string':
      return { kind: 'text' };
    case 'integer':
    case 'number':
      return { kind: 'number', integer: schema.type === 'integer', ...bounds(schema) };
    case 'boolean':
      return { kind: 'flag' };
    case 'array':
      return isRecord(schema.items) ? { kind: 'list', item: fieldOf(schema.items, undefined) } : json;
    case 'object':
      return isRecord(schema.properties) ? group(schema, schema.properties, value) : json;
    default:
      return json;
  }
}

/** A limit that only says what a number can be at all is none. */
function bounds({ minimum, maximum }: Schema): { minimum?: number; maximum?: number } {
  const real = (limit: unknown): limit is number =>
    typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return { ...(real(minimum) ? { minimum } : {}), ...(real(maximum) ? { maximum } : {}) };
}

/** What the value holds beside the schema is shown too, as JSON. */
function group(schema: Schema, properties: Schema, value: unknown): Field {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const values = isRecord(value) ? value : {};
  const known = Object.entries(properties).map(([name, property]): Member => {
    const description =
      isRecord(property) && typeof property.description === 'string' ? property.description : undefined;
    return {
      name,
      field: fieldOf(property, values[name]),
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
    };
  });
  const others = Object.keys(values).filter((name) => !Object.hasOwn(properties, name));
  return { kind: 'group', members: [...known, ...others.map((name) => ({ name, field: json, required: false }))] };
}

function fits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return field.options.includes(value as Primitive);
    case 'list':
      return Array.isArray(value) && value.every((entry) => fits(field.item, entry));
    case 'group': {
      if (!isRecord(value)) return false;
      const members = new Map(field.members.map((member) => [member.name, member.field]));
      return Object.entries(value).every(([name, entry]) => {
        const member = members.get(name);
        return member !== undefined && fits(member, entry);
      });
    }
    case 'json':
      return true;
  }
}
