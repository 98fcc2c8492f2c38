import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { NOT_INTERNED, UuidTable } from '../../src/ingestion/normalise/uuid-table.ts'

function setText(table: UuidTable, text: string): boolean {
  const bytes = Buffer.from(`xx${text}xx`)
  return table.setText(bytes, 2, bytes.length - 2)
}

test('ids are numbered as a Map would', () => {
  // Few ids that differ in few bits, so that they meet, and many others.
  const anyId = fc.oneof(
    fc.uuid(),
    fc.nat({ max: 40 }).map(n => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`),
    fc.nat({ max: 40 }).map(n => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`),
  )
  const property = fc.property(fc.array(anyId, { maxLength: 200 }), ids => {
    const table = new UuidTable()
    const numbers = new Map<string, number>()
    for (const id of ids) {
      expect(setText(table, id)).toBe(true)
      expect(table.get()).toBe(numbers.get(id) ?? NOT_INTERNED)
      if (numbers.has(id)) continue
      expect(table.put()).toBe(numbers.size)
      numbers.set(id, numbers.size)
    }
    expect(table.size).toBe(numbers.size)
  })
  fc.assert(property)
})

test('a hundred thousand ids are found again', () => {
  const table = new UuidTable()
  const idOf = (n: number) =>
    `${n.toString(16).padStart(8, '0')}-1234-5678-9abc-${(n * 7).toString(16).padStart(12, '0')}`
  for (let n = 0; n < 100_000; n++) {
    setText(table, idOf(n))
    table.put()
  }
  let wrong = 0
  for (let n = 0; n < 100_000; n++) {
    setText(table, idOf(n).toUpperCase())
    if (table.get() !== n) wrong++
  }
  expect(wrong).toBe(0)
})

describe('what is no id is not taken', () => {
  const id = '0123abcd-4567-89ef-8765-43210fedcba9'
  const spoiled = Array.from({ length: 36 }, (_, at) => `${id.slice(0, at)}g${id.slice(at + 1)}`)
  test.each([...spoiled, '', id.slice(1), `${id}0`, `{${id}}`, id.replaceAll('-', ''), id.replace('-', '0')])(
    '%j',
    text => {
      expect(setText(new UuidTable(), text)).toBe(false)
    },
  )
})
