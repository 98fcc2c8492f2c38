import { randomBytes } from 'node:crypto'

/** Returned by `get` for a key that was never put. */
export const NOT_INTERNED = -1

const WORDS = 4
const FIRST_CAPACITY = 1 << 12

/** Hyphens of a UUID's text, and the number of characters with them. */
const HYPHENS = [8, 13, 18, 23] as const
const TEXT_LENGTH = 36
const HYPHEN = 0x2d

/** The value of a hexadecimal digit by its character code; 255 for other characters. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(digit) ? 255 : digit
})

/**
 * A hash table from UUIDs to ids from 0, with 128 bits a key: a Map of strings takes ten times the memory and five times as
 * long. Set the key first, then get or put it.
 */
export class UuidTable {
  size = 0
  readonly #key = new Uint32Array(WORDS)
  /** Random, so that the author of a file cannot choose ids that all collide. */
  readonly #secret = Uint32Array.from({ length: WORDS }, () => randomBytes(4).readUInt32LE() | 1)
  #keys = new Uint32Array(FIRST_CAPACITY * WORDS)
  #numbers = new Int32Array(FIRST_CAPACITY).fill(NOT_INTERNED)

  /** Sets the key. Returns false when the bytes are not a UUID with hyphens, in either case. */
  setText(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== TEXT_LENGTH) return false
    for (const hyphen of HYPHENS) if (bytes[start + hyphen] !== HYPHEN) return false
    const a = word(bytes, start, start + 4)
    const b = word(bytes, start + 9, start + 14)
    const c = word(bytes, start + 19, start + 24)
    const d = word(bytes, start + 28, start + 32)
    if (a < 0 || b < 0 || c < 0 || d < 0) return false
    this.#set(a, b, c, d)
    return true
  }

  /** Returns the id of the key, or NOT_INTERNED. */
  get(): number {
    return this.#numbers[this.#place()]!
  }

  /** Gives the key, which has none, the next id. */
  put(): number {
    if (this.size * 2 >= this.#numbers.length) this.#grow()
    const place = this.#place()
    this.#keys.set(this.#key, place * WORDS)
    this.#numbers[place] = this.size
    return this.size++
  }

  #set(a: number, b: number, c: number, d: number): void {
    this.#key[0] = a
    this.#key[1] = b
    this.#key[2] = c
    this.#key[3] = d
  }

  /** Where the key is, or would be put. */
  #place(): number {
    const [keys, numbers, mask] = [this.#keys, this.#numbers, this.#numbers.length - 1]
    const [a, b, c, d] = [this.#key[0]!, this.#key[1]!, this.#key[2]!, this.#key[3]!]
    let place = this.#hash(a, b, c, d) & mask
    while (numbers[place] !== NOT_INTERNED) {
      const at = place * WORDS
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) break
      place = (place + 1) & mask
    }
    return place
  }

  #hash(a: number, b: number, c: number, d: number): number {
    const secret = this.#secret
    let hash = Math.imul(a ^ secret[3]!, secret[0]!)
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, secret[1]!)
    hash = Math.imul(hash ^ (hash >>> 15) ^ c, secret[2]!)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d, secret[3]!)
    return hash ^ (hash >>> 15)
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers]
    this.#keys = new Uint32Array(keys.length * 2)
    this.#numbers = new Int32Array(numbers.length * 2).fill(NOT_INTERNED)
    const key = this.#key.slice()
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] === NOT_INTERNED) continue
      this.#key.set(keys.subarray(old * WORDS, (old + 1) * WORDS))
      const place = this.#place()
      this.#keys.set(this.#key, place * WORDS)
      this.#numbers[place] = numbers[old]!
    }
    this.#key.set(key)
  }
}

/** Eight hexadecimal digits, four from each place; negative if one is none. */
function word(bytes: Uint8Array, first: number, second: number): number {
  const high = four(bytes, first)
  const low = four(bytes, second)
  return high > 0xffff || low > 0xffff ? -1 : high * 0x10000 + low
}

/** Four hexadecimal digits; more than 0xffff if one is none. */
function four(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [DIGITS[bytes[at]!]!, DIGITS[bytes[at + 1]!]!, DIGITS[bytes[at + 2]!]!, DIGITS[bytes[at + 3]!]!]
  return (a | b | c | d) > 15 ? 0x10000 : (a << 12) | (b << 8) | (c << 4) | d
}
