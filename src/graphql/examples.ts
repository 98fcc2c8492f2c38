/** Example operations for Sandbox and the README: the three questions, and the ingestion of the sample file. */
export const EXAMPLES = {
  byCategory: `query ByCategory {
  accounts(filter: { categories: { anyOf: ["Gaming"] } }, first: 20) {
    totalCount
    nodes {
      accountId
      subscriberCount
      categories
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,

  aboveOneMillion: `query AboveOneMillion {
  accounts(filter: { subscriberCount: { gt: 1000000 } }, first: 20) {
    totalCount
    nodes {
      accountId
      subscriberCount
    }
  }
}`,

  grewLastMonth: `query GrewLastMonth {
  accounts(
    filter: { growth: { window: MONTH, percent: { gt: 10 } } }
    orderBy: { field: GROWTH_PERCENT }
    first: 20
  ) {
    totalCount
    nodes {
      accountId
      growth {
        percent
        from {
          measuredAt
          subscriberCount
        }
        to {
          measuredAt
          subscriberCount
        }
      }
    }
  }
}`,

  ingestSample: `mutation IngestSample {
  ingestAccounts(input: { file: "add_accounts.parquet" }) {
    alreadyIngested
    ingestion {
      status
      rowsRead
      inserted
      corrected
      unchanged
      rejected
      rejections {
        reason
        count
      }
      accountsCreated
    }
    userErrors {
      code
      message
    }
  }
}`,
} as const
