/*
 * LZ4 decompression that rejects blocks shorter than their declared size, which other decoders fill with zeros.
 */

/** Decompresses one block, as in the codec LZ4_RAW. */
export function lz4Raw(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length)
  if (decompressBlock(input, output, 0) !== length) throw new Error(`fewer bytes than the ${length} that are declared`)
  return output
}

/** Decompresses the older codec LZ4: Hadoop frames with their lengths, or one block without, as some writers store it. */
export function lz4(input: Uint8Array, length: number): Uint8Array {
  return hadoopFrames(input, length) ?? lz4Raw(input, length)
}

const FRAME_HEADER = 8

/** Returns undefined when the input does not consist of Hadoop frames. */
function hadoopFrames(input: Uint8Array, length: number): Uint8Array | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const output = new Uint8Array(length)
  let at = 0
  let filled = 0
  while (input.length - at >= FRAME_HEADER) {
    const end = filled + view.getUint32(at)
    const next = at + FRAME_HEADER + view.getUint32(at + 4)
    if (end > length || next > input.length) return undefined
    const frame = input.subarray(at + FRAME_HEADER, next)
    if (!isBlockOf(frame, output, filled, end)) return undefined
    filled = end
    at = next
  }
  return at === input.length && filled === length ? output : undefined
}

function isBlockOf(frame: Uint8Array, output: Uint8Array, from: number, end: number): boolean {
  try {
    return decompressBlock(frame, output.subarray(from, end), 0) === end - from
  } catch {
    return false
  }
}

/** Returns how many bytes of the output are written. */
function decompressBlock(input: Uint8Array, output: Uint8Array, start: number): number {
  let at = 0
  let filled = start
  const lengthOf = (nibble: number): number => {
    let length = nibble
    if (nibble < 15) return length
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= input.length) throw new Error('a length that does not end')
      byte = input[at++]!
    }
    return length
  }
  while (at < input.length) {
    const token = input[at++]!
    const literals = lengthOf(token >> 4)
    if (at + literals > input.length || filled + literals > output.length) throw new Error('literals beyond the end')
    output.set(input.subarray(at, at + literals), filled)
    at += literals
    filled += literals
    // The last sequence has only literals.
    if (at === input.length) return filled
    const offset = input[at++]! + (input[at++] ?? 0) * 256
    const match = lengthOf(token & 15) + 4
    if (offset === 0 || offset > filled) throw new Error('a match from before the start')
    if (filled + match > output.length) throw new Error('a match beyond the end')
    copyMatch(output, filled, offset, match)
    filled += match
  }
  return filled
}

/** A match can overlap its own output: a run of one byte is a match at offset 1. */
function copyMatch(output: Uint8Array, to: number, offset: number, length: number): void {
  if (offset >= length) output.copyWithin(to, to - offset, to - offset + length)
  else for (let i = to; i < to + length; i++) output[i] = output[i - offset]!
}
