import { readFileSync } from 'node:fs'
import { randomFrom } from '../../faults/support/random.ts'

/** What happens to files on their way. */
export const MUTATIONS = {
  'one bit': (copy, random) => {
    const at = Math.floor(random() * copy.length)
    copy[at] = copy[at]! ^ (1 << Math.floor(random() * 8))
    return copy
  },
  'one byte': (copy, random) => {
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
    return copy
  },
  'a block of zeros': (copy, random) => copy.fill(0, ...range(copy, random, 4096)),
  'a block of noise': (copy, random) => {
    const [start, end] = range(copy, random, 512)
    for (let at = start; at < end; at++) copy[at] = Math.floor(random() * 256)
    return copy
  },
  'a block that is missing': (copy, random) => {
    const [start, end] = range(copy, random, 4096)
    return Buffer.concat([copy.subarray(0, start), copy.subarray(end)])
  },
  'a block that comes twice': (copy, random) => {
    const [start, end] = range(copy, random, 4096)
    return Buffer.concat([copy.subarray(0, end), copy.subarray(start)])
  },
  'an end that is missing': (copy, random) => copy.subarray(0, Math.floor(random() * copy.length)),
  'one bit of the footer': (copy, random) => {
    const footer = footerStart(copy)
    const at = footer + Math.floor(random() * (copy.length - footer))
    copy[at] = copy[at]! ^ (1 << Math.floor(random() * 8))
    return copy
  },
} satisfies Record<string, (copy: Buffer, random: () => number) => Uint8Array>

export type Mutation = keyof typeof MUTATIONS

function range(copy: Buffer, random: () => number, longest: number): [start: number, end: number] {
  const start = Math.floor(random() * copy.length)
  return [start, Math.min(copy.length, start + 1 + Math.floor(random() * longest))]
}

function footerStart(copy: Buffer): number {
  return copy.length - 8 - copy.readUInt32LE(copy.length - 8)
}

export interface Mutated {
  readonly mutation: Mutation
  readonly bytes: Uint8Array
}

/** Damaged copies of a file, the same for the same seed; each kind of damage in turn. */
export function* mutated(path: string, count: number, seed: number): Generator<Mutated> {
  const whole = readFileSync(path)
  const random = randomFrom(seed)
  const kinds = Object.keys(MUTATIONS) as Mutation[]
  for (let i = 0; i < count; i++) {
    const mutation = kinds[i % kinds.length]!
    yield { mutation, bytes: MUTATIONS[mutation](Buffer.from(whole), random) }
  }
}
