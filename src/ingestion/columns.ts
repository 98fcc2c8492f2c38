import { parquetSchema, type SchemaTree } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import type { Footer } from '../parquet/footer.ts'
import { corrupt } from '../parquet/warnings.ts'

/** The four columns that a drop must have, in the order in which a row is judged. docs/rules.md, "Input columns". */
export const COLUMN_NAMES = ['account_id', 'date', 'subscriber_count', 'categories'] as const
export type ColumnName = (typeof COLUMN_NAMES)[number]

/** How the raw cells of a column are to be read. */
export type ColumnKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'integer'; readonly unsignedBits: 32 | 64 | null }
  | { readonly kind: 'float' }
  | { readonly kind: 'float16' }
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'timestamp'; readonly unit: 'MILLIS' | 'MICROS' | 'NANOS' }
  | { readonly kind: 'day' }
  | { readonly kind: 'int96' }
  | { readonly kind: 'list' }

export type ColumnKinds = Readonly<Record<ColumnName, ColumnKind>>

const ACCEPTED: Readonly<Record<ColumnName, { kinds: readonly ColumnKind['kind'][]; words: string }>> = {
  account_id: { kinds: ['text', 'uuid'], words: 'text or UUID' },
  date: {
    kinds: ['timestamp', 'day', 'int96', 'integer', 'text'],
    words: 'TIMESTAMP, DATE, INT96, an integer Unix time or text',
  },
  subscriber_count: {
    kinds: ['integer', 'float', 'float16', 'decimal', 'text'],
    words: 'an integer, float or decimal type, or text',
  },
  categories: { kinds: ['text', 'list'], words: 'text or a LIST of text' },
}

/**
 * Maps the file's columns by name, or refuses the file.
 *
 * @throws AppError MISSING_COLUMN, UNEXPECTED_COLUMN_TYPE, UNSUPPORTED_PARQUET
 */
export function mapColumns({ schema }: Footer): ColumnKinds {
  const fields = parquetSchema({ schema }).children
  const missing = COLUMN_NAMES.filter(name => !fields.some(field => field.element.name === name))
  if (missing.length > 0) throw missingColumn(missing, fields)
  return Object.fromEntries(COLUMN_NAMES.map(name => [name, kindOf(name, fields)])) as ColumnKinds
}

function missingColumn(missing: readonly string[], fields: readonly SchemaTree[]): AppError {
  const what = `column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`
  return new AppError('MISSING_COLUMN', `The file has no ${what}. Its columns are: ${listed(fields)}.`)
}

const MOST_LISTED = 30
const LONGEST_LISTED = 60

/** A file may have any number of columns with names of any length. */
function listed(fields: readonly SchemaTree[]): string {
  const names = fields.slice(0, MOST_LISTED).map(({ element: { name } }) => shortened(name))
  const more = fields.length - names.length
  return names.length === 0 ? 'none' : names.join(', ') + (more > 0 ? `, and ${more} more` : '')
}

function shortened(name: string): string {
  return name.length > LONGEST_LISTED ? `${name.slice(0, LONGEST_LISTED)}…` : name
}

function kindOf(name: ColumnName, fields: readonly SchemaTree[]): ColumnKind {
  const [field, second] = fields.filter(({ element }) => element.name === name)
  if (!field || second) {
    throw new AppError('UNSUPPORTED_PARQUET', `The file has more than one column ${name}. Keep one of them.`)
  }
  const isPlain = field.children.length === 0 && field.element.repetition_type !== 'REPEATED'
  const kind = isPlain ? leafKind(field) : listKind(name, field)
  const { kinds, words } = ACCEPTED[name]
  if (kind && kinds.includes(kind.kind)) return kind
  throw new AppError(
    'UNEXPECTED_COLUMN_TYPE',
    `Column ${name} is of type ${typeName(field)}; it must be ${words}. Convert the column and write the file again.`,
  )
}

function listKind(name: ColumnName, field: SchemaTree): ColumnKind | null {
  const element = name === 'categories' ? listElement(field) : undefined
  if (!element) throw nested(name)
  return leafKind(element)?.kind === 'text' ? { kind: 'list' } : null
}

function nested(name: ColumnName): AppError {
  return new AppError('UNSUPPORTED_PARQUET', `Column ${name} is nested. Write it as a plain column.`)
}

/**
 * The element of a list of a plain type: a LIST in its present and its older forms, or a repeated field, which the format
 * defines as a list of its own.
 */
function listElement(field: SchemaTree): SchemaTree | undefined {
  const { converted_type, logical_type, repetition_type } = field.element
  if (repetition_type === 'REPEATED') return field.children.length === 0 ? field : undefined
  if (converted_type !== 'LIST' && logical_type?.type !== 'LIST') return undefined
  const [repeated, ...others] = field.children
  if (!repeated || others.length > 0 || repeated.element.repetition_type !== 'REPEATED') return undefined
  if (repeated.children.length === 0) return repeated
  const [element, ...more] = repeated.children
  const isPlain = element?.children.length === 0 && element.element.repetition_type !== 'REPEATED'
  return isPlain && more.length === 0 ? element : undefined
}

function leafKind({ element }: SchemaTree): ColumnKind | null {
  // What pandas writes of a column that holds nothing: no cell needs reading.
  if (element.logical_type?.type === 'NULL') return { kind: 'text' }
  switch (element.type) {
    case 'BYTE_ARRAY':
      return byteArrayKind(element)
    case 'FIXED_LEN_BYTE_ARRAY':
      return fixedKind(element)
    case 'INT32':
    case 'INT64':
      return integerKind(element)
    case 'INT96':
      return { kind: 'int96' }
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'float' }
    default:
      return null
  }
}

type Element = SchemaTree['element']

/** No writer goes further, and arithmetic with the scale that a damaged file claims would take for ever. */
const MAX_SCALE = 1000

function decimalKind({ name, converted_type, logical_type, scale: declared }: Element): ColumnKind | null {
  if (logical_type?.type !== 'DECIMAL' && converted_type !== 'DECIMAL') return null
  const scale = (logical_type?.type === 'DECIMAL' ? logical_type.scale : declared) ?? 0
  if (scale >= 0 && scale <= MAX_SCALE) return { kind: 'decimal', scale }
  throw corrupt(`column ${name} is a decimal with a scale of ${scale}.`)
}

function byteArrayKind(element: Element): ColumnKind | null {
  const decimal = decimalKind(element)
  if (decimal) return decimal
  const annotation = element.logical_type?.type ?? element.converted_type
  const isText = annotation === undefined || ['STRING', 'UTF8', 'ENUM'].includes(annotation)
  return isText ? { kind: 'text' } : null
}

function fixedKind(element: Element): ColumnKind | null {
  if (element.logical_type?.type === 'UUID' && element.type_length === 16) return { kind: 'uuid' }
  if (element.logical_type?.type === 'FLOAT16' && element.type_length === 2) return { kind: 'float16' }
  return decimalKind(element)
}

function integerKind(element: Element): ColumnKind | null {
  const decimal = decimalKind(element)
  if (decimal) return decimal
  const { name, converted_type: converted, logical_type: logical, type } = element
  if (logical?.type === 'TIMESTAMP') {
    if (!logical.unit) throw corrupt(`column ${name} is a TIMESTAMP of an unknown unit.`)
    return { kind: 'timestamp', unit: logical.unit }
  }
  if (converted === 'TIMESTAMP_MILLIS') return { kind: 'timestamp', unit: 'MILLIS' }
  if (converted === 'TIMESTAMP_MICROS') return { kind: 'timestamp', unit: 'MICROS' }
  if (logical?.type === 'DATE' || converted === 'DATE') return type === 'INT32' ? { kind: 'day' } : null
  if (logical && logical.type !== 'INTEGER') return null
  if (converted && !/^U?INT_/.test(converted)) return null
  const unsigned = logical ? !logical.isSigned : (converted?.startsWith('UINT') ?? false)
  return { kind: 'integer', unsignedBits: unsigned ? (type === 'INT64' ? 64 : 32) : null }
}

function typeName({ element, children }: SchemaTree): string {
  const annotation = element.logical_type?.type ?? element.converted_type
  const physical = children.length > 0 ? 'group' : (element.type ?? 'unknown')
  return annotation ? `${physical} (${annotation})` : physical
}
