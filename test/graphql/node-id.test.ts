import fc from 'fast-check'
import { type NodeKey, nodeId, parseNodeId } from '../../src/graphql/node-id.ts'
import { seal } from '../../src/graphql/opaque.ts'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'
const key: fc.Arbitrary<NodeKey> = fc.oneof(
  fc.record({ type: fc.constant('Account' as const), accountId: fc.uuid() }),
  fc.record({ type: fc.constant('Measurement' as const), accountId: fc.uuid(), measuredAt: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant('Ingestion' as const), id: fc.string() }),
)

describe('node ids', () => {
  test('give back what they stand for', () => {
    fc.assert(fc.property(key, key => expect(parseNodeId(nodeId(key))).toEqual(key)))
  })

  test('stay what they are: clients keep them', () => {
    expect(nodeId({ type: 'Account', accountId: ID })).toMatchInlineSnapshot(
      `"T2vDmFsxLCJBY2NvdW50IiwiMGY4ZmFkNWItZDljYi00NjlmLWExNjUtNzA4Njc3Mjg5NTBlIl0"`,
    )
    expect(nodeId({ type: 'Measurement', accountId: ID, measuredAt: 1732783154000 })).toMatchInlineSnapshot(
      `"EPa2PVsxLCJNZWFzdXJlbWVudCIsIjBmOGZhZDViLWQ5Y2ItNDY5Zi1hMTY1LTcwODY3NzI4OTUwZSIsMTczMjc4MzE1NDAwMF0"`,
    )
    expect(nodeId({ type: 'Ingestion', id: ID })).toMatchInlineSnapshot(
      `"1ZIC5VsxLCJJbmdlc3Rpb24iLCIwZjhmYWQ1Yi1kOWNiLTQ2OWYtYTE2NS03MDg2NzcyODk1MGUiXQ"`,
    )
  })

  test.each([
    [''],
    [ID],
    ['1'],
    [seal([])],
    [seal(['Account'])],
    [seal(['Account', ID, 1])],
    [seal(['Account', ID.toUpperCase()])],
    [seal(['Account', 7])],
    [seal(['Measurement', ID])],
    [seal(['Measurement', ID, 1.5])],
    [seal(['Measurement', ID, '1'])],
    [seal(['Measurement', 'x', 1])],
    [seal(['Ingestion', 1])],
    [seal(['Category', 'Gaming'])],
    [seal(['accounts', 'a', 'b', 12.5, ID])],
    [`${nodeId({ type: 'Account', accountId: ID })}=`],
  ])('%j is malformed', id => {
    expect(() => parseNodeId(id)).toThrow('is not a node id. Take ids unchanged from the field id.')
  })

  test('the message does not grow with what was sent', () => {
    expect(() => parseNodeId('x'.repeat(1e6))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }),
    )
  })
})
