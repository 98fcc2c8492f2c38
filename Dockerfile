FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
# The SQLite driver is all that is left to install: everything else is bundled into dist.
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist dist
COPY schema.graphql ./
COPY drizzle drizzle
COPY data/sample_accounts.parquet data/add_accounts.parquet data/
RUN chown -R node:node data
USER node
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
VOLUME /app/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "serve"]
