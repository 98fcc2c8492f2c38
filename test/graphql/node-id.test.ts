import fc from 'fast-check'
import { type NodeKey, nodeId, parseNodeId } from '../../src/graphql/node-id.ts'
import { encodeOpaque } from '../../src/graphql/opaque-string.ts'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'
const key: fc.Arbitrary<NodeKey> = fc.oneof(
  fc.record({ type: fc.constant('Account' as const), accountId: fc.uuid() }),
  fc.record({ type: fc.constant('Measurement' as const), accountId: fc.uuid(), measuredAt: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant('Ingestion' as const), id: fc.string() }),
)

describe('node ids', () => {
  test('decode to the object that they identify', () => {
    fc.assert(fc.property(key, key => expect(parseNodeId(nodeId(key))).toEqual(key)))
  })

  test('never change, because clients store them', () => {
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
    [encodeOpaque([])],
    [encodeOpaque(['Account'])],
    [encodeOpaque(['Account', ID, 1])],
    [encodeOpaque(['Account', ID.toUpperCase()])],
    [encodeOpaque(['Account', 7])],
    [encodeOpaque(['Measurement', ID])],
    [encodeOpaque(['Measurement', ID, 1.5])],
    [encodeOpaque(['Measurement', ID, '1'])],
    [encodeOpaque(['Measurement', 'x', 1])],
    [encodeOpaque(['Ingestion', 1])],
    [encodeOpaque(['Category', 'Gaming'])],
    [encodeOpaque(['accounts', 'a', 'b', 12.5, ID])],
    [`${nodeId({ type: 'Account', accountId: ID })}=`],
  ])('rejects %j', id => {
    expect(() => parseNodeId(id)).toThrow('is not a node id. Pass the value of an id field unchanged.')
  })

  test('the error message has a bounded length', () => {
    expect(() => parseNodeId('x'.repeat(1e6))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }),
    )
  })
})
