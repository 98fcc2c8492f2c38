import { createHash } from 'node:crypto'
import { AppError } from '../domain/errors.ts'
import { type Sealable, seal, unseal } from './opaque.ts'

/** How the cursors of one list are made and read. A cursor holds a position and which list it is a position of. */
export interface Cursors<Item, Position> {
  readonly scope: CursorScope
  position(item: Item): Position
  write(position: Position): readonly Sealable[]
  /** The position that was written, or undefined when the values are none. */
  read(values: readonly unknown[]): Position | undefined
}

const DIGEST_CHARACTERS = 10

/** What tells the lists of one kind apart, such as their order and their filter, each by name. */
export class CursorScope {
  readonly #list: string
  readonly #traits: Readonly<Record<string, unknown>>
  #prints: readonly string[] | undefined

  /** @param traits values that are equal as JSON when they mean the same */
  constructor(list: string, traits: Readonly<Record<string, unknown>> = {}) {
    this.#list = list
    this.#traits = traits
  }

  /** The list's name and a fingerprint of each trait: what every cursor of the list begins with. */
  get prints(): readonly string[] {
    this.#prints ??= [this.#list, ...Object.values(this.#traits).map(fingerprint)]
    return this.#prints
  }

  /** What the first foreign print stands for. */
  foreign(prints: readonly unknown[]): string | undefined {
    const names = ['list', ...Object.keys(this.#traits)]
    return names.find((_, index) => prints[index] !== this.prints[index])
  }
}

function fingerprint(trait: unknown): string {
  return createHash('sha256').update(JSON.stringify(trait)).digest('base64url').slice(0, DIGEST_CHARACTERS)
}

/** The cursor of an item's place in its list. */
export function cursorOf<Item, Position>(item: Item, cursors: Cursors<Item, Position>): string {
  return seal([...cursors.scope.prints, ...cursors.write(cursors.position(item))])
}

/**
 * The position that a cursor holds.
 *
 * @param argument the name of the argument, for the message
 * @throws AppError BAD_USER_INPUT when the cursor is damaged, or belongs to another list
 */
export function readCursor<Position>(cursor: string, cursors: Cursors<never, Position>, argument: string): Position {
  const { prints } = cursors.scope
  const values = unseal(cursor)
  if (!values) throw damaged(argument)
  const foreign = cursors.scope.foreign(values)
  if (foreign !== undefined) {
    const advice = `Use it with the ${foreign} that it came from, or leave it out to start again.`
    throw new AppError('BAD_USER_INPUT', `The cursor in "${argument}" was made for another ${foreign}. ${advice}`)
  }
  const position = cursors.read(values.slice(prints.length))
  if (position === undefined) throw damaged(argument)
  return position
}

function damaged(argument: string): AppError {
  const advice = 'Take cursors unchanged from a page, or leave it out to start again.'
  return new AppError(
    'BAD_USER_INPUT',
    `The cursor in "${argument}" is damaged, or of another version of this program. ${advice}`,
  )
}
