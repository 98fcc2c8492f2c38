import config from './jest.config.mjs'

/**
 * What takes minutes: faults of processes, disks and locks, campaigns of kills, of damaged files and of time, and the
 * charts in a browser. The rest is `npm test`.
 *
 * @type {import('jest').Config}
 */
export default {
  ...config,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: '100%',
  testTimeout: 300_000,
}
