import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { acquireLock } from '../../../../src/storage/sqlite/files/lock.ts'
import { withFolder } from '../../../ingestion/support/database.ts'

test('waiting for a lock takes no longer when the wall clock is set back', () =>
  withFolder(async folder => {
    const path = join(folder, 'accounts.db')
    const lock = await acquireLock(path, 'write', 0)
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0)
    try {
      await expect(acquireLock(path, 'write', 200)).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    } finally {
      clock.mockRestore()
      lock.release()
    }
  }))
