import sqlite3
import sys

import numpy
import pandas

database, csv = sys.argv[1:]
rows = pandas.read_csv(csv, dtype={'account_id': 'string', 'date': 'string', 'categories': 'string'})
rows['account_id'] = rows['account_id'].str.strip().str.lower()
dates = pandas.to_datetime(rows.pop('date'), format='%Y-%m-%dT%H:%M:%S', utc=True)
rows.insert(1, 'measured_at', dates.astype('int64') // 1_000_000)
rows['subscriber_count'] = numpy.floor(rows['subscriber_count'] + 0.5).astype('int64')
rows = rows.drop_duplicates(['account_id', 'measured_at'], keep='last').sort_values(['account_id', 'measured_at'])
connection = sqlite3.connect(database)
rows.to_sql('measurement', connection, if_exists='append', index=False)
connection.commit()
connection.close()
